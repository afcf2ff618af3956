package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.List;

/**
 * Linspace spacing without its rounding, as Euler of diffusers takes it: evenly from T-1 to 0, both
 * visited, with σ, relative to the signal, interpolated linearly between the trained timesteps.
 */
final class FractionalTimesteps {
  private static final SamplerOption<Boolean> OPTION = SamplerOption.ROUND_TIMESTEPS;

  private FractionalTimesteps() {}

  /** The visits of a chain on these timesteps and then on to {@code end}. */
  static List<Visit> visits(DiffusionModel model, int steps, NoiseLevel end) {
    model.requireUntrained(OPTION, "false", "true");
    model.requireContinuousTimesteps(OPTION, "false", "true");
    NoiseSchedule schedule = model.schedule();
    int last = schedule.timesteps() - 1;
    if (schedule.finalSnr() == 0) {
      throw new InvalidOptionException(
          OPTION.name(), "false (expected: true, since the schedule ends without signal)");
    }
    if (steps < 1 || steps > last + 1) {
      throw new InvalidOptionException("steps", "%d (expected: 1..%d)".formatted(steps, last + 1));
    }
    double[] timesteps = new double[steps];
    NoiseLevel[] levels = new NoiseLevel[steps];
    for (int i = 0; i < steps; i++) {
      // One step alone starts where training ends.
      timesteps[i] = i == 0 ? last : (double) last * (steps - 1 - i) / (steps - 1);
      levels[i] = level(schedule, timesteps[i]);
    }
    List<Visit> visits = new ArrayList<>(steps);
    for (int i = 0; i < steps; i++) {
      NoiseLevel next = i == steps - 1 ? end : levels[i + 1];
      visits.add(new Visit(timesteps[i], new Transition(levels[i], next), next));
    }
    return visits;
  }

  private static NoiseLevel level(NoiseSchedule schedule, double timestep) {
    int below = (int) timestep;
    if (below == timestep) {
      return schedule.level(below);
    }
    double low = schedule.level(below).relativeSigma();
    double high = schedule.level(below + 1).relativeSigma();
    return schedule.levelOf(low + (timestep - below) * (high - low));
  }
}
