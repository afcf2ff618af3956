package dev.ancestral.server.engine;

import java.util.Arrays;
import java.util.Locale;

/** Whether a row's prediction has the same bits whatever its slot and its neighbours. */
public enum BatchInvariance {
  /** Compared for every number of rows. */
  VERIFIED,
  /** Some row's bits depended on its batch. */
  BROKEN,
  /** Nobody compared, or not for every number of rows. */
  UNVERIFIED;

  /** Its name in a file. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one of this name.
   *
   * @throws IllegalArgumentException naming it and the known ones
   */
  public static BatchInvariance of(String label) {
    return Arrays.stream(values())
        .filter(invariance -> invariance.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "batch_invariance: %s (expected: verified, broken or unverified)"
                        .formatted(label)));
  }
}
