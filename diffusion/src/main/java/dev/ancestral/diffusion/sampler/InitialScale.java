package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;

/**
 * The standard deviation of x_T where variance is preserved; where it explodes, x_T has that of its
 * level.
 */
public enum InitialScale {
  /** 1, that of data of unit variance with their noise. */
  UNIT {
    @Override
    double of(NoiseLevel first) {
      return 1;
    }
  },
  /** σ of the first level, that of the noise alone: diffusers' Euler but with leading spacing. */
  SIGMA {
    @Override
    double of(NoiseLevel first) {
      return first.sigma();
    }
  };

  abstract double of(NoiseLevel first);
}
