package dev.ancestral.exporter.fit;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.sampler.FittedProof.Comparison;
import dev.ancestral.diffusion.sampler.Guidance;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to be fitted.
 *
 * @param calls the lengths of the chains, each at least 1; null for {@link #CALLS}, as far as the
 *     teacher takes more
 * @param teacherSteps of DDIM, with trailing spacing and no noise; null for {@link #TEACHER_STEPS},
 *     or as many as the schedule has
 * @param guidance weights to fit at; 1, no guidance, is always among them; null for 1 and the one
 *     that the bundle recommends
 * @param chains to fit on, and as many others to measure on, at least 2
 * @param search whether to look for better timesteps
 * @param samples of the comparison that makes a table the default; 0 for none; up to four times as
 *     many where they leave it open
 * @param seed of all noise
 */
public record FitOptions(
    @Nullable List<Integer> calls,
    @Nullable Integer teacherSteps,
    @Nullable List<Double> guidance,
    int chains,
    boolean search,
    int samples,
    long seed) {
  /** What is fitted when nobody says. */
  public static final List<Integer> CALLS = List.of(2, 3, 4, 5, 6, 8, 10);

  /** The teacher's steps when nobody says. */
  public static final int TEACHER_STEPS = 100;

  /** Chains when nobody says. */
  public static final int CHAINS = 64;

  /** Samples of the comparison when nobody says. */
  public static final int SAMPLES = 500;

  /** Nothing said. */
  public static final FitOptions DEFAULTS =
      new FitOptions(null, null, null, CHAINS, false, SAMPLES, 0);

  /** Beyond this the factors are no better, and the memory is large. */
  private static final int MOST_CHAINS = 10_000;

  private static final int MOST_SAMPLES = 100_000;

  /** Of samples: they are doubled twice. */
  private static final int MOST_ROUNDS = 4;

  /** Fewer have no covariance to speak of. */
  private static final int FEWEST_SAMPLES = 50;

  /** Copies the lists, and checks the numbers that need no bundle. */
  public FitOptions {
    calls = calls == null ? null : List.copyOf(new TreeSet<>(calls));
    guidance = guidance == null ? null : List.copyOf(guidance);
    require("chains", chains, 2, MOST_CHAINS);
    if (samples != 0) {
      require("samples", samples, FEWEST_SAMPLES, MOST_SAMPLES);
    }
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UserError(
          "--%s: %d (expected: %d..%d%s)"
              .formatted(name, value, least, most, name.equals("samples") ? ", or 0" : ""));
    }
  }

  /** As many as are compared at most, where fewer leave open what is as good as the teacher. */
  public int mostSamples() {
    return samples < Comparison.LEAST_SAMPLES ? samples : MOST_ROUNDS * samples;
  }

  /** The teacher's steps for a schedule. */
  int teacherSteps(int timesteps) {
    int steps = teacherSteps == null ? Math.min(TEACHER_STEPS, timesteps) : teacherSteps;
    if (steps < 2 || steps > timesteps) {
      throw new UserError(
          "--teacher: ddim:%d (expected: ddim:2..%d, the timesteps of the schedule)"
              .formatted(steps, timesteps));
    }
    return steps;
  }

  /** The lengths of the chains for a teacher, rising. */
  List<Integer> calls(int teacherSteps) {
    List<Integer> fitting =
        (calls == null ? CALLS : calls).stream().filter(n -> n >= 1 && n < teacherSteps).toList();
    if (calls != null && fitting.size() < calls.size()) {
      int bad = calls.stream().filter(n -> !fitting.contains(n)).findFirst().orElseThrow();
      throw new UserError(
          "--calls: %d (expected: 1..%d, fewer than the teacher's %d)"
              .formatted(bad, teacherSteps - 1, teacherSteps));
    }
    if (fitting.isEmpty()) {
      throw new UserError(
          "--calls: none (expected: at least one below the teacher's %d)".formatted(teacherSteps));
    }
    return fitting;
  }

  /** The weights for a bundle, rising, 1 among them. */
  List<Double> weights(Bundle bundle) {
    TreeSet<Double> weights = new TreeSet<>(List.of(1.0));
    if (guidance != null) {
      weights.addAll(guidance);
    } else if (bundle.recommended().guidanceRescale() == 0) {
      weights.add(bundle.recommended().guidanceWeight());
    }
    Conditioning classes = bundle.conditioning();
    for (double weight : weights) {
      if (weight != 1 && (classes == null || classes.nullLabel() == null)) {
        throw new UserError(
            "--guidance: %s (expected: 1, since the model %s)"
                .formatted(weight, classes == null ? "is unconditional" : "has no null label"));
      }
      if (!(Math.abs(weight) <= Guidance.MAX_WEIGHT)) {
        throw new UserError("--guidance: %s (expected: -100..100)".formatted(weight));
      }
    }
    return List.copyOf(weights);
  }
}
