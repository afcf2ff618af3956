package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.schedule.NoiseSchedule;

/** The level of noise that a chain's last step arrives at. */
public enum FinalLevel {
  /** None: the data. */
  CLEAN {
    @Override
    NoiseLevel of(NoiseSchedule schedule) {
      return NoiseLevel.CLEAN;
    }
  },
  /**
   * That of timestep 0, the least the network was trained on; diffusers' {@code set_alpha_to_one =
   * false} and {@code final_sigmas_type = "sigma_min"}.
   */
  FIRST_TIMESTEP {
    @Override
    NoiseLevel of(NoiseSchedule schedule) {
      return schedule.level(0);
    }
  },
  /**
   * As much noise in units of x0 as at timestep 0, and the whole of x0: {@code final_sigmas_type =
   * "sigma_min"} of diffusers' Euler, whose states are not scaled down.
   */
  FIRST_SIGMA {
    @Override
    NoiseLevel of(NoiseSchedule schedule) {
      return NoiseLevel.exploding(schedule.level(0).relativeSigma());
    }
  };

  abstract NoiseLevel of(NoiseSchedule schedule);
}
