package dev.ancestral.client.output;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What to write where.
 *
 * @param directory created where it is missing
 * @param first index of the first sample
 * @param samples how many there will be, at least 1
 * @param columns of the contact sheet; empty for a sheet that is about square
 * @param scale each pixel becomes a square of so many; empty for files of the data's size, and a
 *     sheet that is comfortable to look at
 * @param npy whether to write the raw floats too
 * @param chain whether there will be frames to animate
 * @param labelled whether the samples will have labels
 */
public record OutputOptions(
    Path directory,
    int first,
    int samples,
    OptionalInt columns,
    OptionalInt scale,
    boolean npy,
    boolean chain,
    boolean labelled) {
  /** Checks the counts. */
  public OutputOptions {
    if (samples < 1) {
      throw new IllegalArgumentException("samples: %d (expected: at least 1)".formatted(samples));
    }
    requirePositive("columns", columns);
    requirePositive("scale", scale);
  }

  private static void requirePositive(String name, OptionalInt value) {
    if (value.isPresent() && value.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "%s: %d (expected: at least 1)".formatted(name, value.getAsInt()));
    }
  }

  /** The index of the last sample. */
  int last() {
    return first + samples - 1;
  }

  /** Columns of a sheet of that many cells. */
  int columnsFor(int cells) {
    return Math.min(cells, columns.orElse((int) Math.ceil(Math.sqrt(cells))));
  }
}
