package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the learning rate falls after its warm-up. */
public enum Decay {
  /** Not at all. */
  CONSTANT(false) {
    @Override
    double factor(int iteration, int warmup, int length) {
      return 1;
    }
  },
  /** Along half a cosine to a hundredth, which the last iteration has. */
  COSINE(true) {
    @Override
    double factor(int iteration, int warmup, int length) {
      double half = 0.5 * (1 + Math.cos(Math.PI * progress(iteration, warmup, length)));
      return FLOOR + (1 - FLOOR) * half;
    }
  },
  /** Along a straight line to a hundredth, which the last iteration has. */
  LINEAR(true) {
    @Override
    double factor(int iteration, int warmup, int length) {
      return 1 - (1 - FLOOR) * progress(iteration, warmup, length);
    }
  },
  /** As √(warm-up / iteration) (Vaswani et al. 2017, equation 3), whatever the run's length. */
  INVERSE_SQRT(false) {
    @Override
    double factor(int iteration, int warmup, int length) {
      return Math.sqrt((double) warmup / iteration);
    }
  };

  private static final double FLOOR = 0.01;

  /** As configurations of older versions say constant. */
  private static final String NONE = "none";

  private final boolean towardsTheEnd;

  Decay(boolean towardsTheEnd) {
    this.towardsTheEnd = towardsTheEnd;
  }

  /** Whether it falls towards the last iteration, so that it has to be known which one that is. */
  public boolean isTowardsTheEnd() {
    return towardsTheEnd;
  }

  /**
   * The share of the full rate.
   *
   * @param iteration after the warm-up
   * @param warmup iterations of it
   * @param length iterations of the whole run; says nothing where it falls towards no end
   */
  abstract double factor(int iteration, int warmup, int length);

  /** The part of the iterations after the warm-up that is done, 0..1. */
  private static double progress(int iteration, int warmup, int length) {
    return Math.min(1, (double) (iteration - warmup) / Math.max(1, length - warmup));
  }

  /** Its name in a configuration. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(Decay::label).toList();
  }

  static Decay of(String label) {
    String name = label.equals(NONE) ? CONSTANT.label() : label;
    return Arrays.stream(values())
        .filter(decay -> decay.label().equals(name))
        .findFirst()
        .orElseThrow(() -> Names.unknown("decay", label, labels()));
  }
}
