package dev.ancestral.exporter.trace;

import java.util.List;

/**
 * A number as a function of the batch size b: perBatch·b + constant. Most often the size of a
 * dimension.
 *
 * @param perBatch how much it grows with each row
 * @param constant its value without the batch
 */
public record Dim(long perBatch, long constant) {
  /** A number that does not depend on the batch. */
  public static Dim of(long value) {
    return new Dim(0, value);
  }

  /** Whether it is the same for every batch size. */
  public boolean isConstant() {
    return perBatch == 0;
  }

  /**
   * Its value.
   *
   * @throws IllegalStateException if it depends on the batch
   */
  public long value() {
    if (!isConstant()) {
      throw new IllegalStateException(this + " is not constant");
    }
    return constant;
  }

  /** The shape of these sizes, none of which depends on the batch. */
  public static List<Long> values(List<Dim> dims) {
    return dims.stream().map(Dim::value).toList();
  }

  @Override
  public String toString() {
    if (isConstant()) {
      return Long.toString(constant);
    }
    String product = perBatch == 1 ? "batch" : perBatch + "*batch";
    return constant == 0 ? product : "%s%+d".formatted(product, constant);
  }
}
