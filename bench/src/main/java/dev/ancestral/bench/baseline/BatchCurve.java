package dev.ancestral.bench.baseline;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Time of a call of the network by its rows.
 *
 * @param milliseconds of a call, by batch size; at least one
 */
public record BatchCurve(Map<Integer, Double> milliseconds) {
  /** Copies, in the order of the sizes. */
  public BatchCurve {
    milliseconds = Collections.unmodifiableMap(new TreeMap<>(milliseconds));
    if (milliseconds.isEmpty()) {
      throw new IllegalArgumentException("batch curve: empty (expected: at least one size)");
    }
  }

  /** The size that does the most rows in a second. */
  public int best() {
    int best = milliseconds.keySet().iterator().next();
    for (int batch : milliseconds.keySet()) {
      if (rowsPerSecond(batch) > rowsPerSecond(best)) {
        best = batch;
      }
    }
    return best;
  }

  /** Milliseconds of a call of this size. */
  public double callMillis(int batch) {
    Double time = milliseconds.get(batch);
    if (time == null) {
      throw new IllegalArgumentException(
          "batch: %d (expected one of: %s)".formatted(batch, milliseconds.keySet()));
    }
    return time;
  }

  /** Rows in a second at this size. */
  public double rowsPerSecond(int batch) {
    return batch / callMillis(batch) * 1e3;
  }
}
