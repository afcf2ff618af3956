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
  };

  abstract NoiseLevel of(NoiseSchedule schedule);
}
