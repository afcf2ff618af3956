package dev.ancestral.exporter.fit;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.quality.LabelledSamples;
import dev.ancestral.trainer.run.RunDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The data that a run was trained on, as a reference. */
public final class RunReference {
  /** More change a Fréchet distance no more than its own error. */
  private static final int MOST = 5000;

  private RunReference() {}

  /**
   * Opens them.
   *
   * @param bundle that was exported from the run
   * @param seed of which are taken, where there are many
   * @param err for what people read
   * @throws UserError if the bundle comes from another training, or draws other samples
   * @throws IOException if they cannot be read
   */
  public static LabelledSamples open(Path run, Bundle bundle, long seed, PrintStream err)
      throws IOException {
    RunDirectory directory = RunDirectory.open(run);
    requireSameTraining(run, directory.config(), bundle.provenance());
    DataSpec spec = bundle.data();
    Dataset data = directory.openToMeasure(null, err);
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

  /**
   * Samples that are held against other data than the network's are all equally far away, teacher's
   * and fitted ones alike, which would look like a proof.
   */
  private static void requireSameTraining(
      Path run, TrainingConfig config, Map<String, String> provenance) {
    Map<String, String> own = new LinkedHashMap<>();
    own.put("data", config.data().source());
    own.put("network", config.network().type());
    own.put("seed", Long.toString(config.training().seed()));
    own.forEach(
        (mark, value) -> {
          String expected = provenance.get(mark);
          if (expected != null && !expected.equals(value)) {
            throw new UserError(
                "--run %s: %s: %s (expected: %s, as the bundle was trained)"
                    .formatted(run, mark, value, expected));
          }
        });
  }
}
