package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.List;

/**
 * The levels of Karras et al. 2022, eq. 5, with ρ = 7, between the ends of the trained schedule:
 * with σ relative to the signal,
 *
 * <pre>
 * σ_i = (σ_max^{1/ρ} + i/(N-1)·(σ_min^{1/ρ} - σ_max^{1/ρ}))^ρ
 * </pre>
 *
 * <p>The network is given the timestep whose log σ this is, between two trained ones.
 */
final class Karras {
  private static final double RHO = 7;
  private static final SamplerOption<Boolean> OPTION = SamplerOption.KARRAS;

  private Karras() {}

  /**
   * The given options, and the defaults of the others, but for the spacing: the levels are not
   * those of chosen timesteps.
   *
   * @throws InvalidOptionException if a spacing is given beside the levels
   */
  static SamplerOptions complete(SamplerOptions given, SamplerOptions defaults) {
    if (!given.find(OPTION).orElse(false)) {
      return given.over(defaults);
    }
    if (given.find(SamplerOption.SPACING).isPresent()) {
      throw new InvalidOptionException(
          SamplerOption.SPACING.name(),
          "given together with %s (expected: one of the two)".formatted(OPTION));
    }
    return given.over(defaults.without(SamplerOption.SPACING));
  }

  /**
   * The visits of a chain on these levels and then on to {@code end}.
   *
   * @param roundTimesteps whether to give the network the nearest whole timestep, half to even
   */
  static List<Visit> visits(
      DiffusionModel model, int steps, NoiseLevel end, boolean roundTimesteps) {
    model.requireUntrained(OPTION, "true", "false");
    if (!roundTimesteps) {
      model.requireContinuousTimesteps(OPTION, "true", "false");
    }
    NoiseSchedule schedule = model.schedule();
    int last = schedule.timesteps() - 1;
    if (schedule.finalSnr() == 0) {
      throw new InvalidOptionException(
          OPTION.name(), "true (expected: false, since the schedule ends without signal)");
    }
    if (steps < 1 || steps > last + 1) {
      throw new InvalidOptionException("steps", "%d (expected: 1..%d)".formatted(steps, last + 1));
    }
    double[] sigmas =
        sigmas(schedule.level(0).relativeSigma(), schedule.level(last).relativeSigma(), steps);
    List<Visit> visits = new ArrayList<>(steps);
    for (int i = 0; i < steps; i++) {
      NoiseLevel level = schedule.levelOf(sigmas[i]);
      NoiseLevel next = i == steps - 1 ? end : schedule.levelOf(sigmas[i + 1]);
      double timestep = schedule.timestepOf(sigmas[i]);
      visits.add(
          new Visit(
              roundTimesteps ? Math.rint(timestep) : timestep, new Transition(level, next), next));
    }
    return visits;
  }

  /** N levels from {@code max} down to {@code min}; the first alone where N is 1. */
  static double[] sigmas(double min, double max, int count) {
    double from = Math.pow(max, 1 / RHO);
    double to = Math.pow(min, 1 / RHO);
    double[] sigmas = new double[count];
    for (int i = 0; i < count; i++) {
      double ramp = count == 1 ? 0 : (double) i / (count - 1);
      sigmas[i] = Math.pow(from + ramp * (to - from), RHO);
    }
    return sigmas;
  }
}
