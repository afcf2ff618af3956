package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.List;

/**
 * One stop on a chain's way: where the network is asked, and where the step goes from there.
 *
 * @param timestep what the network is given
 * @param trained the transition that the network was trained on there
 * @param next the level that the step arrives at
 */
record Visit(double timestep, Transition trained, NoiseLevel next) {
  /** The visits of a chain through these timesteps, which fall, and then on to {@code end}. */
  static List<Visit> of(NoiseSchedule schedule, int[] timesteps, NoiseLevel end) {
    List<Visit> visits = new ArrayList<>(timesteps.length);
    for (int i = 0; i < timesteps.length; i++) {
      NoiseLevel next = i == timesteps.length - 1 ? end : schedule.level(timesteps[i + 1]);
      visits.add(new Visit(timesteps[i], schedule.transition(timesteps[i]), next));
    }
    return visits;
  }

  /** Whether the network was trained at the timestep itself. */
  boolean isTrained() {
    return timestep == Math.rint(timestep);
  }

  /** The level of the state that the step starts from. */
  NoiseLevel level() {
    return trained.from();
  }

  /** The transition that the step makes. */
  Transition reverse() {
    return new Transition(level(), next);
  }

  /** A step here that estimates x0 and so far does no more. */
  Step estimate(PredictionType prediction) {
    return Step.estimating(
        timestep, prediction.x0FromState(trained), prediction.x0FromOutput(trained));
  }
}
