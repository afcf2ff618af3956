package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;
import java.util.List;

/** Variance of a DDPM step's noise (Ho et al. 2020, section 3.2). */
public enum Variance {
  /** β̃, the posterior's: right for data of a single point. */
  FIXED_SMALL("fixed_small"),
  /** β: right for data that are standard normal. */
  FIXED_LARGE("fixed_large"),
  /** What the variance half of the output says: it is the logarithm itself. */
  LEARNED("learned"),
  /**
   * What the variance half v of the output says, from β̃ at v = -1 to β at v = 1 (Nichol and
   * Dhariwal 2021, eq. 15).
   */
  LEARNED_RANGE("learned_range");

  private final String label;

  Variance(String label) {
    this.label = label;
  }

  /** Its {@code variance_type} in a scheduler configuration. */
  public String label() {
    return label;
  }

  /** The labels of all. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(Variance::label).toList();
  }

  /** Whether the network's output has a variance half, as long as its mean half. */
  public boolean isLearned() {
    return switch (this) {
      case FIXED_SMALL, FIXED_LARGE -> false;
      case LEARNED, LEARNED_RANGE -> true;
    };
  }

  /**
   * The variance of this label.
   *
   * @throws IllegalArgumentException naming the label and the known ones
   */
  public static Variance of(String label) {
    return Arrays.stream(values())
        .filter(variance -> variance.label.equals(label))
        .findFirst()
        .orElseThrow(() -> refused(label));
  }

  private static IllegalArgumentException refused(String label) {
    if (label.equals("fixed_large_log")) {
      return new IllegalArgumentException(
          "variance_type: fixed_large_log (expected: fixed_large; diffusers takes a standard deviation"
              + " for a logarithm there, which gives NaN)");
    }
    return Names.unknown("variance_type", label, labels());
  }
}
