package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Langevin dynamics at the least noisy level, from standard normal noise (Song and Ermon 2019,
 * section 2.2): with the score s, the step size ε, which decays, and the temperature τ,
 *
 * <pre>
 * x' = x + ε/2·s + τ√ε·z
 * </pre>
 *
 * <p>A walk through a distribution rather than a way to it, so its last step draws noise too.
 */
final class LangevinSampler extends Sampler {
  /** A walk has no schedule to bound it. */
  static final int MAX_STEPS = 10_000;

  private static final int DEFAULT_STEPS = 10;

  @Override
  public String name() {
    return "langevin";
  }

  @Override
  public int defaultSteps(int timesteps) {
    return DEFAULT_STEPS;
  }

  @Override
  public SamplerOptions defaults(DiffusionModel model) {
    return SamplerOptions.ofSteps(DEFAULT_STEPS)
        .with(SamplerOption.STEP_SIZE, 1e-3)
        .with(SamplerOption.DECAY, 0.9)
        .with(SamplerOption.TEMPERATURE, 1.0);
  }

  @Override
  Optional<String> lacks(DiffusionModel model) {
    return model.prediction() == PredictionType.SCORE
        ? Optional.empty()
        : Optional.of("a network that predicts the score");
  }

  @Override
  ChainPlan table(DiffusionModel model, SamplerOptions options) {
    if (options.steps() < 1 || options.steps() > MAX_STEPS) {
      throw new InvalidOptionException(
          "steps", "%d (expected: 1..%d)".formatted(options.steps(), MAX_STEPS));
    }
    Transition trained = model.schedule().transition(0);
    Visit visit = new Visit(0, trained, NoiseLevel.CLEAN);
    double stepSize = options.get(SamplerOption.STEP_SIZE);
    List<Step> steps = new ArrayList<>(options.steps());
    for (int i = 0; i < options.steps(); i++) {
      steps.add(step(visit, stepSize, options.get(SamplerOption.TEMPERATURE)));
      stepSize *= options.get(SamplerOption.DECAY);
    }
    return new ChainPlan(name(), 1, options.clipping(), steps);
  }

  /** One step with a score. */
  static Step step(Visit visit, double stepSize, double temperature) {
    return visit
        .estimate(PredictionType.SCORE)
        .plusState(1)
        .plusOutput(stepSize / 2)
        .plusNoise(temperature * Math.sqrt(stepSize));
  }
}
