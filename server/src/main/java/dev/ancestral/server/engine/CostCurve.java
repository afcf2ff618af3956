package dev.ancestral.server.engine;

import java.util.Comparator;
import java.util.List;

/**
 * How long a call of the network takes, by its rows: measured at some sizes, a straight line
 * between two of them, and beyond them the shape of a small U-Net on a CPU, scaled to the nearest.
 * Immutable.
 *
 * <p>With t(b) milliseconds for b rows, b/t(b) is the throughput. Its maximum is the peak; from the
 * smallest size near the peak on, a larger batch buys little and makes every row in it later.
 */
public final class CostCurve {
  /**
   * One measured size.
   *
   * @param rows of the call, at least 1
   * @param millis that it takes, above 0
   */
  public record Point(int rows, double millis) {
    /** Checks both. */
    public Point {
      if (rows < 1 || !(millis > 0 && Double.isFinite(millis))) {
        throw new IllegalArgumentException(
            "cost: %d rows in %s ms (expected: at least 1 row, a time above 0)"
                .formatted(rows, millis));
      }
    }
  }

  /** The share of the peak's throughput that counts as near it. */
  private static final double NEAR = 0.95;

  /** Of t(b) = 1 + slope·b: 10 ms for one row and 66 ms for eight were measured. */
  private static final double ASSUMED_SLOPE = 3.5;

  private final List<Point> measured;
  private final double[] millis;
  private final int peakRows;
  private final int nearPeakRows;

  /**
   * A curve for 1..maxRows.
   *
   * @param measured sizes that differ, in any order; larger ones than {@code maxRows} count too;
   *     none gives the assumed shape in a unit without meaning
   */
  public CostCurve(int maxRows, List<Point> measured) {
    if (maxRows < 1) {
      throw new IllegalArgumentException("rows: %d (expected: at least 1)".formatted(maxRows));
    }
    this.measured = measured.stream().sorted(Comparator.comparingInt(Point::rows)).toList();
    this.millis = new double[maxRows + 1];
    for (int rows = 1; rows <= maxRows; rows++) {
      millis[rows] = interpolate(rows);
    }
    // Fewer rows take no longer than more: a time that says so was held up.
    for (int rows = maxRows - 1; rows >= 1; rows--) {
      millis[rows] = Math.min(millis[rows], millis[rows + 1]);
    }
    int peak = 1;
    for (int rows = 2; rows <= maxRows; rows++) {
      if (rowsPerMilli(rows) > rowsPerMilli(peak)) {
        peak = rows;
      }
    }
    int near = 1;
    while (rowsPerMilli(near) < NEAR * rowsPerMilli(peak)) {
      near++;
    }
    this.peakRows = peak;
    this.nearPeakRows = near;
  }

  /** The same measurements for calls of up to so many rows. */
  CostCurve upTo(int rows) {
    return rows == maxRows() ? this : new CostCurve(rows, measured);
  }

  /** The assumed shape, until something is measured. */
  public static CostCurve assumed(int maxRows) {
    return new CostCurve(maxRows, List.of());
  }

  /** Whether its unit is the millisecond, and not merely assumed. */
  public boolean isMeasured() {
    return !measured.isEmpty();
  }

  /** What was measured, by rows. */
  public List<Point> measured() {
    return measured;
  }

  /** The largest size. */
  public int maxRows() {
    return millis.length - 1;
  }

  /** Time of a call of 1..maxRows rows. */
  public double millis(int rows) {
    return millis[rows];
  }

  /** The smallest size of the highest throughput. */
  public int peakRows() {
    return peakRows;
  }

  /** The smallest size whose throughput is near the peak's. */
  public int nearPeakRows() {
    return nearPeakRows;
  }

  /** Time of one row in a call of the peak's size. */
  public double peakMillisPerRow() {
    return millis[peakRows] / peakRows;
  }

  private double rowsPerMilli(int rows) {
    return rows / millis[rows];
  }

  private double interpolate(int rows) {
    Point below = null;
    Point above = null;
    for (Point point : measured) {
      if (point.rows() <= rows) {
        below = point;
      } else if (above == null) {
        above = point;
      }
    }
    if (below != null && above != null) {
      double way = (double) (rows - below.rows()) / (above.rows() - below.rows());
      return below.millis() + way * (above.millis() - below.millis());
    }
    Point nearest = below != null ? below : above;
    return nearest == null ? shape(rows) : nearest.millis() * shape(rows) / shape(nearest.rows());
  }

  private static double shape(int rows) {
    return 1 + ASSUMED_SLOPE * rows;
  }
}
