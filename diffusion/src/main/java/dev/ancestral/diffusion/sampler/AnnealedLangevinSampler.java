package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Annealed Langevin dynamics (Song and Ermon 2019, algorithm 1): {@link LangevinSampler} at one
 * level of noise after the other, from the noisiest to the least, with the step size ε_t =
 * ε·(σ_t/σ_0)². The steps are shared out evenly among the levels; where that leaves some over, the
 * noisier ones get one more.
 */
final class AnnealedLangevinSampler extends Sampler {
  private static final int DEFAULT_STEPS_A_LEVEL = 100;

  /** ε/σ_0² of the paper: 2e-5 at σ_0 = 0.01. */
  private static final double DEFAULT_RELATIVE_STEP_SIZE = 0.2;

  @Override
  public String name() {
    return "annealed-langevin";
  }

  @Override
  public int defaultSteps(int timesteps) {
    return Math.max(
        timesteps, Math.min(DEFAULT_STEPS_A_LEVEL * timesteps, LangevinSampler.MAX_STEPS));
  }

  @Override
  public SamplerOptions defaults(DiffusionModel model) {
    double least = model.schedule().level(0).sigmaSquared();
    return SamplerOptions.ofSteps(defaultSteps(model.schedule().timesteps()))
        .with(SamplerOption.STEP_SIZE, DEFAULT_RELATIVE_STEP_SIZE * least)
        .with(SamplerOption.DECAY, 1.0)
        .with(SamplerOption.TEMPERATURE, 1.0);
  }

  @Override
  Optional<String> lacks(DiffusionModel model) {
    return model.prediction() == PredictionType.SCORE && !model.schedule().isVariancePreserving()
        ? Optional.empty()
        : Optional.of("a network that predicts the score, and a variance-exploding schedule");
  }

  @Override
  ChainPlan table(DiffusionModel model, SamplerOptions options) {
    NoiseSchedule schedule = model.schedule();
    int levels = schedule.timesteps();
    int most = Math.max(levels, LangevinSampler.MAX_STEPS);
    if (options.steps() < levels || options.steps() > most) {
      throw new InvalidOptionException(
          "steps",
          "%d (expected: %d..%d, at least one a level of noise)"
              .formatted(options.steps(), levels, most));
    }
    List<Step> steps = new ArrayList<>(options.steps());
    for (int t = levels - 1; t >= 0; t--) {
      int count = options.steps() / levels + (levels - 1 - t < options.steps() % levels ? 1 : 0);
      Visit visit = new Visit(t, schedule.transition(t), schedule.transition(t).to());
      double stepSize =
          options.get(SamplerOption.STEP_SIZE)
              * (schedule.level(t).sigmaSquared() / schedule.level(0).sigmaSquared());
      for (int i = 0; i < count; i++) {
        steps.add(LangevinSampler.step(visit, stepSize, options.get(SamplerOption.TEMPERATURE)));
        stepSize *= options.get(SamplerOption.DECAY);
      }
    }
    return new ChainPlan(
        name(), model.initialScale(schedule.level(levels - 1)), options.clipping(), steps);
  }
}
