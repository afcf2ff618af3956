package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * FastDPM (Kong and Ping 2021): a chain of S steps in place of the trained one of T, either through
 * chosen timesteps (STEP, section 3.2) or through variances of its own ({@link FastDpmVariances},
 * VAR, section 3.1). With A and P the ᾱ here and next, S = κ√β̃ and D = √(1-P-S²), the step is
 *
 * <pre>
 * x' = √(P/A)·x + (D - √(1-A)·√(P/A))·ε + S·z
 * </pre>
 *
 * <p>which is DDIM's with the network's ε kept, so that x0 can be clipped. The last step arrives at
 * the data without noise. Quadratic STEP visits small timesteps more than once where S is large;
 * the step between equals changes nothing.
 */
final class FastDpmSampler extends Sampler {
  private static final int DEFAULT_STEPS = 50;

  /** How much of T the largest quadratic timestep is. */
  private static final double QUADRATIC_REACH = 0.8;

  @Override
  public String name() {
    return "fastdpm";
  }

  @Override
  public int defaultSteps(int timesteps) {
    return Math.min(DEFAULT_STEPS, timesteps);
  }

  @Override
  public SamplerOptions defaults(DiffusionModel model) {
    return SamplerOptions.ofSteps(defaultSteps(model.schedule().timesteps()))
        .with(SamplerOption.APPROXIMATION, FastDpmApproximation.STEP)
        .with(SamplerOption.GROWTH, FastDpmGrowth.LINEAR)
        .with(SamplerOption.KAPPA, 0.0);
  }

  @Override
  Optional<String> lacks(DiffusionModel model) {
    return model.schedule().isVariancePreserving()
        ? Optional.empty()
        : Optional.of("a variance-preserving schedule");
  }

  @Override
  ChainPlan table(DiffusionModel model, SamplerOptions options) {
    NoiseSchedule schedule = model.schedule();
    int count = options.steps();
    if (count < 2 || count > schedule.timesteps()) {
      throw new InvalidOptionException(
          "steps", "%d (expected: 2..%d)".formatted(count, schedule.timesteps()));
    }
    FastDpmGrowth growth = options.get(SamplerOption.GROWTH);
    List<Visit> visits =
        switch (options.get(SamplerOption.APPROXIMATION)) {
          case STEP ->
              Visit.of(schedule, timesteps(schedule.timesteps(), count, growth), NoiseLevel.CLEAN);
          case VAR -> {
            model.requireContinuousTimesteps(SamplerOption.APPROXIMATION, "var", "step");
            model.requireUntrained(SamplerOption.APPROXIMATION, "var", "step");
            yield FastDpmVariances.visits(schedule, count, growth);
          }
        };
    List<Step> steps = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      double kappa = i == count - 1 ? 0 : options.get(SamplerOption.KAPPA);
      steps.add(DdimSampler.step(visits.get(i), model.prediction(), kappa, false));
    }
    return new ChainPlan(name(), 1, options.clipping(), steps);
  }

  /** S of the T timesteps, falling to 0. */
  static int[] timesteps(int timesteps, int count, FastDpmGrowth growth) {
    int[] selected = new int[count];
    for (int i = 0; i < count; i++) {
      int rank = count - 1 - i;
      selected[i] =
          switch (growth) {
            case LINEAR -> (int) ((long) rank * (timesteps - 1) / (count - 1));
            case QUADRATIC -> quadratic(timesteps, count, rank);
          };
    }
    return selected;
  }

  private static int quadratic(int timesteps, int count, int rank) {
    double reach = Math.sqrt(QUADRATIC_REACH * timesteps);
    double root = rank == count - 1 ? reach : rank * (reach / (count - 1));
    return (int) (root * root);
  }
}
