package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;

/** Variance of a DDPM step's noise (Ho et al. 2020, section 3.2). */
public enum Variance {
  /** β̃, the posterior's: right for data of a single point. */
  FIXED_SMALL("fixed_small"),
  /** β: right for data that are standard normal. */
  FIXED_LARGE("fixed_large");

  private final String label;

  Variance(String label) {
    this.label = label;
  }

  /** Its {@code variance_type} in a scheduler configuration. */
  public String label() {
    return label;
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
        .orElseThrow(
            () ->
                Names.unknown(
                    "variance_type", label, Arrays.stream(values()).map(Variance::label).toList()));
  }
}
