package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.List;

/**
 * DPM-Solver++(2M) (Lu et al. 2022, algorithm 2), the multistep solver of second order.
 *
 * <p>With λ = ln(α/σ), h = λ' - λ to the next level, r = h_before/h, E = e^{-h} - 1 and D the
 * estimates of x0:
 *
 * <pre>
 * x' = σ'/σ·x - α'E·((1 + 1/(2r))·D - 1/(2r)·D_before)
 * </pre>
 *
 * <p>The correction is left out at the first step, where there is no estimate before; at the last
 * one where it arrives at the data, since h is infinite then; and at the last one of a chain of
 * fewer than 15 steps, for stability, unless told otherwise. Without it in every step, at solver
 * order 1, this is DDIM without noise.
 */
final class DpmSolverSampler extends Sampler {
  private static final int DEFAULT_STEPS = 20;

  /** From so many steps on, a last step of second order is stable too. */
  private static final int MANY_STEPS = 15;

  @Override
  public String name() {
    return "dpmpp-2m";
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
        .with(SamplerOption.KARRAS, false)
        .with(SamplerOption.SOLVER_ORDER, 2)
        .with(SamplerOption.LOWER_ORDER_FINAL, true)
        .with(SamplerOption.FINAL_LEVEL, FinalLevel.CLEAN);
  }

  @Override
  SamplerOptions complete(SamplerOptions given, SamplerOptions defaults) {
    return Karras.complete(given, defaults);
  }

  @Override
  ChainPlan table(DiffusionModel model, SamplerOptions options) {
    List<Visit> visits = visits(model, options);
    boolean lowerOrderFinal =
        options.get(SamplerOption.LOWER_ORDER_FINAL) && options.steps() < MANY_STEPS;
    boolean single = options.get(SamplerOption.SOLVER_ORDER) == 1;
    List<Step> steps = new ArrayList<>(visits.size());
    double before = Double.NaN;
    for (int i = 0; i < visits.size(); i++) {
      Visit visit = visits.get(i);
      NoiseLevel next = visit.next();
      double h = lambda(next) - lambda(visit.level());
      double e = Math.expm1(-h);
      boolean last = i == visits.size() - 1;
      boolean firstOrder =
          single || i == 0 || (last && (lowerOrderFinal || next.sigmaSquared() == 0));
      double correction = firstOrder ? 0 : h / before / 2;
      steps.add(
          visit
              .estimate(model.prediction())
              .plusX0(-next.alpha() * e * (1 + correction))
              .plusState(next.sigma() / visit.level().sigma())
              .plusPrevious(next.alpha() * e * correction));
      before = h;
    }
    return new ChainPlan(
        name(), model.initialScale(visits.get(0).level()), options.clipping(), steps);
  }

  private static List<Visit> visits(DiffusionModel model, SamplerOptions options) {
    NoiseSchedule schedule = model.schedule();
    NoiseLevel end = options.get(SamplerOption.FINAL_LEVEL).of(schedule);
    if (options.get(SamplerOption.KARRAS)) {
      return Karras.visits(model, options.steps(), end, true);
    }
    return Visit.of(schedule, SpacedTimesteps.ofSolver(options, schedule.timesteps()), end);
  }

  private static double lambda(NoiseLevel level) {
    return -Math.log(level.relativeSigma());
  }
}
