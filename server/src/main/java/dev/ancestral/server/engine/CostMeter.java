package dev.ancestral.server.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Refines a cost curve by the calls that are served: each size's time is an exponentially weighted
 * mean. A curve that is only assumed stays as it is. Belongs to the engine's thread, but for {@link
 * #curve()}.
 */
final class CostMeter {
  /** Weight of a new observation. */
  private static final double WEIGHT = 1.0 / 16;

  /** A call that took longer than this many times the mean was held up by something else. */
  private static final double HELD_UP = 2;

  /** Calls between two curves: making one costs more than keeping a mean. */
  private static final int CALLS_PER_CURVE = 64;

  private final double[] means;
  private int calls;
  private volatile CostCurve curve;

  CostMeter(CostCurve start) {
    this.curve = start;
    this.means = new double[start.maxRows() + 1];
    for (CostCurve.Point point : start.measured()) {
      if (point.rows() < means.length) {
        means[point.rows()] = point.millis();
      }
    }
  }

  /** The curve as it is known now; from any thread. */
  CostCurve curve() {
    return curve;
  }

  /** A call of so many rows took so long. */
  void observe(int rows, double millis) {
    if (!curve.isMeasured()) {
      return;
    }
    double mean = means[rows];
    means[rows] = mean == 0 ? millis : mean + WEIGHT * (Math.min(millis, HELD_UP * mean) - mean);
    calls++;
    if (calls % CALLS_PER_CURVE == 0) {
      List<CostCurve.Point> points = new ArrayList<>();
      for (int size = 1; size < means.length; size++) {
        if (means[size] > 0) {
          points.add(new CostCurve.Point(size, means[size]));
        }
      }
      curve = new CostCurve(means.length - 1, points);
    }
  }
}
