package dev.ancestral.diffusion.sampler;

/** How FastDPM fits a short chain to the trained one (Kong and Ping 2021, section 3). */
public enum FastDpmApproximation {
  /** By timesteps that are chosen among the trained ones. */
  STEP,
  /** By variances of its own, each of which is mapped to a timestep, mostly a fractional one. */
  VAR
}
