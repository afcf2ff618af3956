package dev.ancestral.server.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Refines a cost curve by the calls that are served: each size's time is an exponentially weighted
 * mean. What makes one size slower than it was, such as another process, is mostly taken to make
 * all so: a size that is not in use would else keep the time of a quieter or a busier minute, and
 * look better or worse than it is for as long as it is not tried. A curve that is only assumed
 * stays as it is. Belongs to the engine's thread, but for {@link #curve()}.
 */
final class CostMeter {
  /** Weight of a new observation. */
  private static final double WEIGHT = 1.0 / 16;

  /** How much of a change of one size is one of all; the rest is the size's own. */
  private static final double COMMON = 0.9;

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
    if (mean == 0) {
      means[rows] = millis;
    } else {
      double change = WEIGHT * (Math.min(millis / mean, HELD_UP) - 1);
      for (int size = 1; size < means.length; size++) {
        means[size] *= 1 + COMMON * change;
      }
      means[rows] = mean * (1 + change);
    }
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
