package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * DDIM(η) (Song et al. 2021, eq. 12 and 16).
 *
 * <p>With α, σ at this timestep, α', σ' at the next one visited (after the last, 1 and 0, or those
 * of timestep 0), S = η√β̃, but 0 at the last step, and D = √max(0, σ'² - S²), the next state is
 * α'·x0 + D·ε + S·z, where ε is either derived again from the clipped x0, ε = (x - α·x0)/σ, or the
 * network's own, written as ex·x + em·m.
 */
final class DdimSampler extends Sampler {
  private static final int DEFAULT_STEPS = 50;

  @Override
  public String name() {
    return "ddim";
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
        .with(SamplerOption.ETA, 0.0)
        .with(SamplerOption.REDERIVE_EPSILON, true)
        .with(SamplerOption.BY_STRIDE, false)
        .with(SamplerOption.FINAL_LEVEL, FinalLevel.CLEAN);
  }

  @Override
  ChainPlan table(DiffusionModel model, SamplerOptions options) {
    NoiseSchedule schedule = model.schedule();
    NoiseLevel end = options.get(SamplerOption.FINAL_LEVEL).of(schedule);
    boolean rederiveEpsilon = options.get(SamplerOption.REDERIVE_EPSILON);
    List<Visit> visits =
        options.find(SamplerOption.BY_STRIDE).orElse(false)
            ? byStride(schedule, SpacedTimesteps.of(options, schedule.timesteps()), end)
            : Visits.of(model, options, end);
    List<Step> steps = new ArrayList<>(visits.size());
    for (Iterator<Visit> rest = visits.iterator(); rest.hasNext(); ) {
      Visit visit = rest.next();
      double eta = rest.hasNext() ? options.get(SamplerOption.ETA) : 0;
      steps.add(step(visit, model.prediction(), eta, rederiveEpsilon));
    }
    return new ChainPlan(
        name(), model.initialScale(visits.get(0).level()), options.clipping(), steps);
  }

  /** Visits whose steps are all as long; what would arrive below timestep 0 arrives at the end. */
  private static List<Visit> byStride(NoiseSchedule schedule, int[] timesteps, NoiseLevel end) {
    int stride = schedule.timesteps() / timesteps.length;
    List<Visit> visits = new ArrayList<>(timesteps.length);
    for (int t : timesteps) {
      NoiseLevel next = t < stride ? end : schedule.level(t - stride);
      visits.add(new Visit(t, schedule.transition(t), next));
    }
    return visits;
  }

  /** One step, with {@code eta} times the posterior's standard deviation of noise. */
  static Step step(Visit visit, PredictionType prediction, double eta, boolean rederiveEpsilon) {
    NoiseLevel next = visit.next();
    double alpha = visit.level().alpha();
    double sigma = visit.level().sigma();
    double s = eta * Math.sqrt(visit.reverse().posteriorVariance());
    double d = Math.sqrt(Math.max(0, next.sigmaSquared() - s * s));
    Step estimate = visit.estimate(prediction);
    if (rederiveEpsilon) {
      return estimate.plusX0(next.alpha() - d * alpha / sigma).plusState(d / sigma).plusNoise(s);
    }
    // ε = (x - α·x0)/σ with the unclipped x0 = ax·x + am·m.
    double ex = (1 - alpha * estimate.ax()) / sigma;
    double em = -alpha * estimate.am() / sigma;
    return estimate.plusX0(next.alpha()).plusState(d * ex).plusOutput(d * em).plusNoise(s);
  }
}
