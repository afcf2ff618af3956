package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the learning rate falls after its warm-up. */
public enum Decay {
  /** Not at all. */
  NONE {
    @Override
    double factor(double progress) {
      return 1;
    }
  },
  /** Along half a cosine to a hundredth. */
  COSINE {
    @Override
    double factor(double progress) {
      return COSINE_FLOOR + (1 - COSINE_FLOOR) * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
  };

  private static final double COSINE_FLOOR = 0.01;

  /**
   * The share of the full rate.
   *
   * @param progress through the iterations after the warm-up, 0..1
   */
  abstract double factor(double progress);

  /** Its name in a configuration. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(Decay::label).toList();
  }

  static Decay of(String label) {
    return Arrays.stream(values())
        .filter(decay -> decay.label().equals(label))
        .findFirst()
        .orElseThrow(() -> Names.unknown("decay", label, labels()));
  }
}
