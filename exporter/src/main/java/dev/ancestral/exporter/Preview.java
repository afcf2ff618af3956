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
import dev.ancestral.picture.Scatter;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * The picture in a bundle: samples drawn by the exported network itself, guided as the bundle
 * recommends.
 */
final class Preview {
  private static final int COLUMNS = 4;
  private static final int CELLS = 16;

  /** Up to here there are as many cells; larger images take minutes, so there are fewer. */
  private static final int CHEAP_PIXELS = 64 * 64;

  private static final int POINTS = 1000;
  private static final int STEPS = 20;
  private static final long SEED = 0;

  private final Bundle bundle;
  private final NetworkInputs inputs;

  Preview(Bundle bundle, NetworkInputs inputs) {
    this.bundle = bundle;
    this.inputs = inputs;
  }

  /** How many images to draw: whole rows of the sheet. */
  static int cells(DataSpec data) {
    long pixels = data.shape().get(1) * data.shape().get(2);
    long rows = CELLS / COLUMNS * CHEAP_PIXELS / Math.max(pixels, CHEAP_PIXELS);
    return COLUMNS * (int) Math.max(1, rows);
  }

  /** A PNG of samples, the classes in turn: a contact sheet of images, a scatter of points. */
  AtomicFile.Writer draw(Model model) {
    boolean images = bundle.data().isPlanar();
    long[] labels = labels(images ? cells(bundle.data()) : POINTS);
    List<float[]> samples =
        List.of(ReverseChain.run(plan(), model, inputs, labels, bundle.guidance(), SEED));
    byte[] png = Pixels.png(images ? sheet(samples) : Scatter.of(List.of(samples)).frame(samples));
    return out -> out.write(png);
  }

  private BufferedImage sheet(List<float[]> samples) {
    DataSpec data = bundle.data();
    List<BufferedImage> cells = new ArrayList<>();
    for (float[] sample : samples) {
      cells.add(Pixels.image(sample, data.drawnShape(), data.min(), data.max()));
    }
    int scale = ContactSheet.comfortableScale(cells.get(0).getWidth());
    return ContactSheet.of(cells, COLUMNS, scale);
  }

  private ChainPlan plan() {
    var scheduler = bundle.scheduler();
    SamplerOptions options =
        SamplerOptions.ofSteps(Math.min(STEPS, scheduler.schedule().timesteps()))
            .with(SamplerOption.SPACING, scheduler.spacing())
            .withClipping(bundle.clipping());
    return Samplers.of("ddim").plan(bundle.model(), options);
  }

  private long[] labels(int count) {
    long[] labels = new long[count];
    if (bundle.conditioning() != null) {
      for (int i = 0; i < count; i++) {
        labels[i] = i % bundle.conditioning().numClasses();
      }
    }
    return labels;
  }
}
