package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Ancestral sampling (Ho et al. 2020, algorithm 2), through the estimate of x0 (eq. 7), so that it
 * can be clipped.
 *
 * <p>The mean is the posterior's between this timestep and the next one visited (the data after the
 * last), with β and β̃ of that pair. The noise, by {@link Variance}, and none at the last step:
 *
 * <pre>
 * fixed_small     bz = √β̃
 * fixed_large     bz = √β
 * learned         bz = 1,         bs = ½            v is log σ²
 * learned_range   bz = (β·β̃)^¼,   bs = ¼·ln(β/β̃)    log σ² = f·log β + (1-f)·log β̃, f = (v+1)/2
 *                                                   (Nichol and Dhariwal 2021, eq. 15)
 * </pre>
 *
 * <p>A network that predicts the posterior's mean itself has said the next state's mean: bm = 1.
 */
final class DdpmSampler extends Sampler {
  @Override
  public String name() {
    return "ddpm";
  }

  @Override
  public int defaultSteps(int timesteps) {
    return timesteps;
  }

  @Override
  public SamplerOptions defaults(DiffusionModel model) {
    return SamplerOptions.ofSteps(defaultSteps(model.schedule().timesteps()))
        .with(SamplerOption.SPACING, TimestepSpacing.TRAILING)
        .with(SamplerOption.STEPS_OFFSET, 0)
        .with(SamplerOption.VARIANCE, model.variance());
  }

  @Override
  ChainPlan table(DiffusionModel model, SamplerOptions options) {
    Variance variance = options.get(SamplerOption.VARIANCE);
    model.requireVariance(variance);
    boolean meanPredicted = model.prediction() == PredictionType.POSTERIOR_MEAN;
    int timesteps = model.schedule().timesteps();
    if ((meanPredicted || variance == Variance.LEARNED) && options.steps() != timesteps) {
      throw new InvalidOptionException(
          "steps",
          "%d (expected: %d, since the network predicts the %s of the very next timestep)"
              .formatted(options.steps(), timesteps, meanPredicted ? "mean" : "variance"));
    }
    List<Visit> visits = Visits.of(model, options, NoiseLevel.CLEAN);
    if (variance == Variance.LEARNED && visits.stream().anyMatch(visit -> !visit.isTrained())) {
      throw new InvalidOptionException(
          SamplerOption.TIMESTEPS.name(),
          "fractions (expected: whole ones, since the network predicts the variance of the very next timestep)");
    }
    List<Step> steps = new ArrayList<>(visits.size());
    for (Iterator<Visit> rest = visits.iterator(); rest.hasNext(); ) {
      Visit visit = rest.next();
      Transition reverse = visit.reverse();
      Step estimate = visit.estimate(model.prediction());
      Step mean =
          meanPredicted
              ? estimate.plusOutput(1)
              : estimate.plusX0(reverse.meanFromX0()).plusState(reverse.meanFromState());
      steps.add(rest.hasNext() ? withNoise(mean, reverse, variance) : mean);
    }
    return new ChainPlan(
        name(), model.initialScale(visits.get(0).level()), options.clipping(), steps);
  }

  private static Step withNoise(Step mean, Transition reverse, Variance variance) {
    double large = reverse.variance();
    double small = reverse.posteriorVariance();
    return switch (variance) {
      case FIXED_SMALL -> mean.plusNoise(Math.sqrt(small));
      case FIXED_LARGE -> mean.plusNoise(Math.sqrt(large));
      case LEARNED -> mean.plusNoise(1, 0.5);
      case LEARNED_RANGE ->
          mean.plusNoise(Math.pow(large * small, 0.25), 0.25 * Math.log(large / small));
    };
  }
}
