package dev.ancestral.bundle;

import org.jspecify.annotations.Nullable;

/**
 * What a request gets that does not say.
 *
 * @param sampler its name; null leaves the choice to the server
 * @param steps how many; null leaves the choice to the sampler
 */
public record Recommended(@Nullable String sampler, @Nullable Integer steps) {
  /** No recommendation. */
  public static final Recommended NONE = new Recommended(null, null);

  /** Checks the steps' lower bound; the upper one is the schedule's. */
  public Recommended {
    if (steps != null && steps < 1) {
      throw new IllegalArgumentException(
          "recommended.steps: %d (expected: at least 1)".formatted(steps));
    }
  }
}
