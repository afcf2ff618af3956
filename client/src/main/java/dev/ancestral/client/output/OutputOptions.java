package dev.ancestral.client.output;

import java.nio.file.Path;

/**
 * What to write where.
 *
 * @param directory created where it is missing
 * @param first index of the first sample
 * @param samples how many there will be, at least 1
 * @param columns of the contact sheet; 0 for a sheet that is about square
 * @param npy whether to write the raw floats too
 * @param chain whether there will be frames to animate
 * @param labelled whether the samples will have labels
 */
public record OutputOptions(
    Path directory,
    int first,
    int samples,
    int columns,
    boolean npy,
    boolean chain,
    boolean labelled) {
  /** Checks the counts. */
  public OutputOptions {
    if (samples < 1) {
      throw new IllegalArgumentException("samples: %d (expected: at least 1)".formatted(samples));
    }
    if (columns < 0) {
      throw new IllegalArgumentException("columns: %d (expected: at least 1)".formatted(columns));
    }
  }

  /** The index of the last sample. */
  int last() {
    return first + samples - 1;
  }

  /** Columns of a sheet of that many cells. */
  int columnsFor(int cells) {
    return Math.min(cells, columns > 0 ? columns : (int) Math.ceil(Math.sqrt(cells)));
  }
}
