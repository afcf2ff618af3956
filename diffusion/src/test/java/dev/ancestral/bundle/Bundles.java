package dev.ancestral.bundle;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bundles for tests: one where every field differs from its default, and one as plain as can be.
 */
final class Bundles {
  /** What stands for the ONNX file. */
  static final String MODEL_BYTES = "not a network, but these bytes";

  private Bundles() {}

  static Bundle full() {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("run", "runs/digits");
    provenance.put("iterations", "1200");
    provenance.put("a", "last in the alphabet's despite");
    return new Bundle(
        new SchedulerConfig(
            "squaredcos_cap_v2",
            NoiseSchedule.ofBetas(new double[] {1e-4, 0.1 + 0.2, 1 / 3.0, 0.999}),
            PredictionType.V,
            Variance.FIXED_LARGE,
            false,
            TimestepSpacing.LEADING),
        new DataSpec(List.of(3L, 4L, 5L), -0.5, 2, 17),
        false,
        new Conditioning(2, List.of("cat, \"tame\"", "dög"), 2),
        new Recommended("ddim", 4, Map.of("eta", 0.25, "rederive_epsilon", false), 2, 0.7),
        provenance,
        List.of(
            new ParityFigure("prediction, batch 1", 1.5e-6, 1e-4),
            new ParityFigure("chain", 3e-5, 2e-4)));
  }

  static Bundle plainPoints() {
    return new Bundle(
        new SchedulerConfig(
            "linear",
            NoiseSchedule.ofBetas(new double[] {0.1, 0.2}),
            PredictionType.EPSILON,
            Variance.FIXED_SMALL,
            true,
            TimestepSpacing.TRAILING),
        new DataSpec(List.of(2L), -1, 1, 0),
        true,
        null,
        Recommended.NONE,
        Map.of(),
        List.of());
  }

  /** Pictures from a score, at noise that explodes. */
  static Bundle score() {
    return new Bundle(
        new SchedulerConfig(
            "sigmas",
            NoiseSchedule.ofSigmas(new double[] {0.01, 0.1 + 0.2, 1 / 3.0, 50}),
            PredictionType.SCORE,
            Variance.FIXED_SMALL,
            false,
            TimestepSpacing.TRAILING),
        new DataSpec(List.of(1L, 4L, 4L), -1, 1, 256),
        true,
        null,
        new Recommended("annealed-langevin", 400),
        Map.of(),
        List.of());
  }

  /** Pictures from a network that learned its variances and ends without signal. */
  static Bundle learnedRange() {
    return new Bundle(
        new SchedulerConfig(
            "constant",
            NoiseSchedule.ofBetas(new double[] {0.5, 0.5, 1}),
            PredictionType.V,
            Variance.LEARNED_RANGE,
            true,
            TimestepSpacing.TRAILING),
        new DataSpec(List.of(1L, 4L, 4L), -1, 1, 256),
        true,
        null,
        Recommended.NONE,
        Map.of(),
        List.of());
  }

  /** One table for {@link #full()}, in which a step reads the estimate before the previous one. */
  static FittedTables fittedFarther() {
    List<FittedTable.Factors> steps =
        List.of(
            new FittedTable.Factors(0.908, 0.517, 0),
            new FittedTable.Factors(0.4, 0.9, -0.3),
            new FittedTable.Factors(0.1, 1.7, -0.9, 0.1 + 0.2));
    FittedProof measured = new FittedProof(0.05, 0.2, 0.3, null);
    return new FittedTables(
        "ddim:100",
        full().clipping(),
        List.of(
            new FittedTable(
                List.of(3.0, 2.0, 0.0), List.of(new FittedTable.Weighted(1, steps, measured)))),
        Map.of());
  }

  /**
   * Two tables for {@link #full()}: of one call, without guidance, and of two, at three weights.
   */
  static FittedTables fitted() {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("chains", "64");
    provenance.put("a", "last, though first in the alphabet");
    FittedProof measured = new FittedProof(0.05, 0.1 + 0.2, 1 / 3.0, null);
    List<FittedTable.Factors> one = List.of(new FittedTable.Factors(0.1 + 0.2, 1 / 3.0, 0));
    List<FittedTable.Factors> two =
        List.of(
            new FittedTable.Factors(0.908, 0.517, 0), new FittedTable.Factors(-1e-9, 1.354, -0.4));
    return new FittedTables(
        "ddim:100",
        full().clipping(),
        List.of(
            new FittedTable(List.of(3.0), List.of(new FittedTable.Weighted(1, one, measured))),
            new FittedTable(
                List.of(3.0, 1.0),
                List.of(
                    new FittedTable.Weighted(-0.5, two, measured),
                    new FittedTable.Weighted(
                        1,
                        two,
                        new FittedProof(
                            0.05,
                            0.2,
                            0.3,
                            new FittedProof.Comparison(
                                "the run's data", 500, 1.01, 1.04, 0.99, 0.8, 0.81, 0.7, 0.6))),
                    new FittedTable.Weighted(
                        2.5,
                        two,
                        new FittedProof(
                            0.05,
                            0.2,
                            0.3,
                            new FittedProof.Comparison(
                                "the teacher's", 600, 1.2, 1.3, null, null, null, 1, 0)))))),
        provenance);
  }

  static BundleFiles files() {
    return new BundleFiles(
        out -> out.write(MODEL_BYTES.getBytes(StandardCharsets.UTF_8)),
        Map.of("_class_name", "UNet2DModel", "in_channels", 3),
        out -> out.write(new byte[] {4, 5}),
        out -> out.write(new byte[] {1, 2, 3}));
  }
}
