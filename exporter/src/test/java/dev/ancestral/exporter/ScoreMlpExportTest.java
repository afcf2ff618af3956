package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.bundle.SchedulerConfig;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.trainer.network.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Its graph has an input that no node reads, the timestep, and ONNX Runtime takes it all the same.
 */
class ScoreMlpExportTest extends NetworkExportContract {
  @Override
  String family() {
    return "score_mlp";
  }

  @Override
  Map<String, Object> settings() {
    return Map.of("width", 128, "hidden_layers", 2);
  }

  @Override
  DataSpec data() {
    return new DataSpec(List.of(2L), -2, 2, 0);
  }

  @Override
  @Nullable Conditioning conditioning() {
    return null;
  }

  @Override
  int timesteps() {
    return 1;
  }

  @Override
  String deepWeight() {
    return "hidden.1.weight";
  }

  @Test
  void twoHiddenLayers_of17154Parameters_areProvenEqual() {
    assertProvenInFullSize(17_154, settings(), 1);
  }

  @Test
  void asAScoreAtOneNoiseLevel_itBecomesABundle(@TempDir Path parent) throws IOException {
    Network network = network(null, 1);
    Bundle bundle =
        new Bundle(
            new SchedulerConfig(
                "sigmas",
                NoiseSchedule.ofSigmas(new double[] {0.1}),
                PredictionType.SCORE,
                Variance.FIXED_SMALL,
                false,
                TimestepSpacing.TRAILING),
            data(),
            false,
            null,
            new Recommended("langevin", 10),
            Map.of(),
            List.of());
    Path target = parent.resolve("score");

    BundleExport.write(target, bundle, network.block(), manager, network.config(), Opset.DEFAULT);

    assertEquals(1, BundleFormat.read(target).scheduler().schedule().timesteps());
  }
}
