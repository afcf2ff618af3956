package dev.ancestral.trainer.data;

import java.util.List;

/**
 * What the numbers of a source were when the range of its samples was chosen: the bounds of this
 * become the bounds of that.
 *
 * @param min the smallest
 * @param max the largest, above it
 */
public record Scaling(double min, double max) {
  /** Checks the order. */
  public Scaling {
    if (!(min < max) || Double.isInfinite(min) || Double.isInfinite(max)) {
      throw new IllegalArgumentException(
          "scaled_from: [%s, %s] (expected: two finite numbers, the first below the second)"
              .formatted(min, max));
    }
  }

  /** A number of the source as a sample has it; the same where the bounds are. */
  float apply(double number, DataOptions.Range range) {
    if (isSame(range)) {
      return (float) number;
    }
    double part = (number - min) / (max - min);
    return (float) (range.min() + part * (range.max() - range.min()));
  }

  /** Whether numbers stay as they are. */
  boolean isSame(DataOptions.Range range) {
    return min == range.min() && max == range.max();
  }

  /** Both bounds. */
  public List<Double> bounds() {
    return List.of(min, max);
  }

  /** Such as {@code 0.0 to 255.0}. */
  String words() {
    return "%s to %s".formatted(min, max);
  }
}
