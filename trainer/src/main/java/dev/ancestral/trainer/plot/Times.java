package dev.ancestral.trainer.plot;

import java.util.stream.IntStream;

/** Evenly spread places in a row of steps. */
final class Times {
  /** How many a picture shows. */
  static final int COUNT = 10;

  private Times() {}

  /** At most {@link #COUNT} different numbers from 0 to {@code last}, both included, rising. */
  static int[] upTo(int last) {
    return IntStream.range(0, COUNT)
        .map(i -> (int) Math.rint((double) i * last / (COUNT - 1)))
        .distinct()
        .toArray();
  }
}
