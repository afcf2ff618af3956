package dev.ancestral.exporter;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.exporter.proof.Model;
import dev.ancestral.exporter.proof.NetworkInputs;
import dev.ancestral.exporter.proof.ReverseChain;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.picture.ContactSheet;
import dev.ancestral.picture.Pixels;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The picture in a bundle: samples drawn by the exported network itself. */
final class Preview {
  private static final int COLUMNS = 4;
  private static final int CELLS = 16;
  private static final int STEPS = 20;
  private static final long SEED = 0;

  private final Bundle bundle;
  private final NetworkInputs inputs;

  Preview(Bundle bundle, NetworkInputs inputs) {
    this.bundle = bundle;
    this.inputs = inputs;
  }

  /** A PNG of samples, the classes in turn; null if samples are no pictures. */
  AtomicFile.@Nullable Writer draw(Model model) {
    DataSpec data = bundle.data();
    if (!data.isImage()) {
      return null;
    }
    List<BufferedImage> cells = new ArrayList<>();
    for (float[] sample : ReverseChain.run(plan(), model, inputs, labels(), SEED)) {
      cells.add(Pixels.image(sample, data.dimensions(), data.min(), data.max()));
    }
    int scale = ContactSheet.comfortableScale(cells.get(0).getWidth());
    byte[] png = Pixels.png(ContactSheet.of(cells, COLUMNS, scale));
    return out -> out.write(png);
  }

  private ChainPlan plan() {
    var scheduler = bundle.scheduler();
    SamplerOptions options =
        SamplerOptions.ofSteps(Math.min(STEPS, scheduler.schedule().timesteps()))
            .with(SamplerOption.SPACING, scheduler.spacing())
            .withClipping(bundle.clipping());
    return Samplers.of("ddim").plan(bundle.model(), options);
  }

  private long[] labels() {
    long[] labels = new long[CELLS];
    if (bundle.conditioning() != null) {
      for (int i = 0; i < CELLS; i++) {
        labels[i] = i % bundle.conditioning().numClasses();
      }
    }
    return labels;
  }
}
