package dev.ancestral.bench.report;

import java.util.List;

/**
 * Curves to draw.
 *
 * @param name of the file, without its ending
 * @param x what the horizontal axis is
 * @param y what the vertical axis is
 * @param logarithmic whether the vertical axis is
 */
public record Plot(
    String name, String title, String x, String y, boolean logarithmic, List<Curve> curves) {
  /** Copies. */
  public Plot {
    curves = List.copyOf(curves);
  }

  /**
   * One curve.
   *
   * @param label what it is of
   * @param x ascending
   * @param y one for each x
   */
  public record Curve(String label, List<Double> x, List<Double> y) {
    /** Copies and checks the lengths. */
    public Curve {
      x = List.copyOf(x);
      y = List.copyOf(y);
      if (x.size() != y.size() || x.isEmpty()) {
        throw new IllegalArgumentException(
            "curve %s: %d and %d numbers (expected: as many, at least 1)"
                .formatted(label, x.size(), y.size()));
      }
    }
  }
}
