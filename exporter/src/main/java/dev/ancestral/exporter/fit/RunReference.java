package dev.ancestral.exporter.fit;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.quality.LabelledSamples;
import dev.ancestral.trainer.run.RunDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;

/** The data that a run was trained on, as a reference. */
public final class RunReference {
  /** More change a Fréchet distance no more than its own error. */
  private static final int MOST = 5000;

  private RunReference() {}

  /**
   * Opens them.
   *
   * @param spec of the bundle's samples
   * @param seed of which are taken, where there are many
   * @param err for what people read
   * @throws UserError if they are not what the bundle draws
   * @throws IOException if they cannot be read
   */
  public static LabelledSamples open(Path run, DataSpec spec, long seed, PrintStream err)
      throws IOException {
    Dataset data = RunDirectory.open(run).openToMeasure(null, err);
    DataSpec found = data.description().spec();
    if (!found.shape().equals(spec.shape())
        || found.min() != spec.min()
        || found.max() != spec.max()) {
      throw new UserError(
          "--run %s: samples of shape %s in [%s, %s] (expected: %s in [%s, %s], the bundle's)"
              .formatted(
                  run,
                  found.shape(),
                  found.min(),
                  found.max(),
                  spec.shape(),
                  spec.min(),
                  spec.max()));
    }
    int[] order = new PhiloxRandom(seed, NoisePurpose.DATA, 0, 0).permutation(data.size());
    return LabelledSamples.of(data, Arrays.copyOf(order, Math.min(MOST, order.length)));
  }
}
