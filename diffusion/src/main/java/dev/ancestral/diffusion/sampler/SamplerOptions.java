package dev.ancestral.diffusion.sampler;

import org.jspecify.annotations.Nullable;

/**
 * What a chain is made from besides the schedule.
 *
 * @param steps N, 1..T
 * @param spacing which timesteps are visited
 * @param clipping of each estimate of x0
 * @param variance of DDPM's noise; null for the model's own
 * @param eta DDIM's η, 0..1
 * @param rederiveEpsilon whether DDIM derives ε again from the clipped x0 (OpenAI) or keeps the
 *     network's (diffusers)
 */
public record SamplerOptions(
    int steps,
    TimestepSpacing spacing,
    Clipping clipping,
    @Nullable Variance variance,
    double eta,
    boolean rederiveEpsilon) {

  /** Checks η; the steps are checked against T by the sampler. */
  public SamplerOptions {
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("eta: %s (expected: 0..1)".formatted(eta));
    }
  }

  /** Trailing spacing, clipping to [-1, 1], the model's own variance, η = 0, ε derived again. */
  public static SamplerOptions ofSteps(int steps) {
    return new SamplerOptions(steps, TimestepSpacing.TRAILING, ClipRange.UNIT, null, 0, true);
  }

  /** These options with another spacing. */
  public SamplerOptions withSpacing(TimestepSpacing value) {
    return new SamplerOptions(steps, value, clipping, variance, eta, rederiveEpsilon);
  }

  /** These options with another clipping of x0. */
  public SamplerOptions withClipping(Clipping value) {
    return new SamplerOptions(steps, spacing, value, variance, eta, rederiveEpsilon);
  }

  /** These options with another variance. */
  public SamplerOptions withVariance(@Nullable Variance value) {
    return new SamplerOptions(steps, spacing, clipping, value, eta, rederiveEpsilon);
  }

  /** These options with another η. */
  public SamplerOptions withEta(double value) {
    return new SamplerOptions(steps, spacing, clipping, variance, value, rederiveEpsilon);
  }

  /** These options with ε derived again or kept. */
  public SamplerOptions withRederiveEpsilon(boolean value) {
    return new SamplerOptions(steps, spacing, clipping, variance, eta, value);
  }
}
