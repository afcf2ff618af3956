package dev.ancestral.client.output;

import java.util.Optional;

/** How many of the numbers a picture cannot show, since they are beyond the data's range. */
final class Excess {
  private static final int LEVELS = 255;

  /** Less than this share is not worth a word. */
  private static final double SHARE = 0.05;

  private final double least;
  private final double most;
  private long all;
  private long beyond;

  /** A number counts once it would be another of the 256 levels. */
  Excess(double min, double max) {
    double level = (max - min) / LEVELS;
    this.least = min - level;
    this.most = max + level;
  }

  void add(float[] values) {
    for (float value : values) {
      if (value < least || value > most) {
        beyond++;
      }
    }
    all += values.length;
  }

  /**
   * What to say, if it is much.
   *
   * @param clip whether estimates were clipped on the way
   */
  Optional<String> remark(boolean clip) {
    double share = all == 0 ? 0 : (double) beyond / all;
    return share > SHARE
        ? Optional.of(
            "%.0f %% of the numbers are beyond the data's range, and were cut to it in the pictures%s"
                .formatted(100 * share, clip ? "" : " (clip was off)"))
        : Optional.empty();
  }
}
