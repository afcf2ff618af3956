package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import java.util.ArrayList;
import java.util.List;

/**
 * iPNDM (Zhang and Chen 2023, appendix; Liu et al. 2022 without their Runge-Kutta start): DDIM's
 * step with the noise extrapolated from that of up to four levels by the formulas of Adams and
 * Bashforth for even steps, whatever the steps are. Orders rise from 1 at the start.
 *
 * <pre>
 * x' = α'/α·(x - σ·ε̂) + σ'·ε̂      ε̂ = (55·ε - 59·ε_1 + 37·ε_2 - 9·ε_3)/24
 * </pre>
 */
final class IpndmSampler extends Sampler {
  /** Of the noise of the steps before, by order; together with that of this step they give 1. */
  private static final double[][] WEIGHTS = {
    {}, {-1 / 2.0}, {-16 / 12.0, 5 / 12.0}, {-59 / 24.0, 37 / 24.0, -9 / 24.0}
  };

  @Override
  public String name() {
    return "ipndm";
  }

  @Override
  public int defaultSteps(int timesteps) {
    return Multistep.defaultSteps(timesteps);
  }

  @Override
  public SamplerOptions defaults(DiffusionModel model) {
    return Multistep.defaults(model).with(SamplerOption.SOLVER_ORDER, WEIGHTS.length);
  }

  @Override
  ChainPlan table(DiffusionModel model, SamplerOptions options) {
    NoiseLevel end = options.get(SamplerOption.FINAL_LEVEL).of(model.schedule());
    List<Visit> visits = Visits.of(model, options, end);
    int most = Multistep.order(options, WEIGHTS.length);
    List<Step> steps = new ArrayList<>(visits.size());
    for (int i = 0; i < visits.size(); i++) {
      double[] weights = WEIGHTS[Math.min(most, i + 1) - 1].clone();
      Visit visit = visits.get(i);
      for (int k = 0; k < weights.length; k++) {
        weights[k] *= visit.next().sigma() - visit.next().alpha() * visit.level().relativeSigma();
      }
      steps.add(NoiseHistory.step(visit, model.prediction(), weights));
    }
    return Multistep.plan(this, model, options, visits, steps);
  }
}
