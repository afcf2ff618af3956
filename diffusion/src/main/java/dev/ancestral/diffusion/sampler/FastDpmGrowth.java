package dev.ancestral.diffusion.sampler;

/** How the timesteps or the variances of FastDPM's short chain grow with the step. */
public enum FastDpmGrowth {
  /** Evenly. */
  LINEAR,
  /** As squares: small steps near the data. */
  QUADRATIC
}
