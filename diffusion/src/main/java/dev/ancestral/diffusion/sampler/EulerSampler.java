package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import java.util.ArrayList;
import java.util.List;

/**
 * Euler's method on the probability flow (Karras et al. 2022, algorithm 1 without its correction):
 * with σ relative to the signal, dx/dσ = (x - x0)/σ. Written for a state α·(x0 + σ·ε):
 *
 * <pre>
 * x' = (α' - α·σ'/σ)·x0 + σ'/σ·x
 * </pre>
 *
 * <p>On the timesteps of a variance-preserving schedule this is DDIM(0); its own are the levels of
 * Karras, and variance-exploding models.
 */
final class EulerSampler extends Sampler {
  private static final int DEFAULT_STEPS = 50;

  @Override
  public String name() {
    return "euler";
  }

  @Override
  public int defaultSteps(int timesteps) {
    return Math.min(DEFAULT_STEPS, timesteps);
  }

  @Override
  public SamplerOptions defaults(DiffusionModel model) {
    return SamplerOptions.ofSteps(defaultSteps(model.schedule().timesteps()))
        .with(SamplerOption.SPACING, TimestepSpacing.TRAILING)
        .with(SamplerOption.STEPS_OFFSET, 0)
        .with(SamplerOption.ROUND_TIMESTEPS, true)
        .with(SamplerOption.KARRAS, false)
        .with(SamplerOption.FINAL_LEVEL, FinalLevel.CLEAN)
        .with(SamplerOption.INITIAL_SCALE, InitialScale.UNIT);
  }

  @Override
  ChainPlan table(DiffusionModel model, SamplerOptions options) {
    NoiseLevel end = options.get(SamplerOption.FINAL_LEVEL).of(model.schedule());
    List<Visit> visits = Visits.of(model, options, end);
    List<Step> steps = new ArrayList<>(visits.size());
    for (Visit visit : visits) {
      double ratio = visit.next().sigma() / visit.level().sigma();
      steps.add(
          visit
              .estimate(model.prediction())
              .plusX0(visit.next().alpha() - visit.level().alpha() * ratio)
              .plusState(ratio));
    }
    NoiseLevel first = visits.get(0).level();
    double initialScale =
        model.schedule().isVariancePreserving()
            ? options.get(SamplerOption.INITIAL_SCALE).of(first)
            : model.initialScale(first);
    return new ChainPlan(name(), initialScale, options.clipping(), steps);
  }
}
