package dev.ancestral.server.engine;

import java.util.Arrays;
import java.util.List;

/**
 * Continuous batching: before each step, those that are due first, whatever their timesteps,
 * samplers and step counts.
 *
 * <p>How many: half of what is ready at the highest priority, but no fewer than the size from which
 * a larger batch buys little, and, but for a trial now and then, no more than the size of the
 * highest throughput. On a CPU, where sharing a call makes everybody later, few run at a time while
 * few wait; the longer the queue, the more throughput counts.
 *
 * <p>Which: the higher priority first; within one, shortest remaining work first, with ageing. A
 * trajectory is due at
 *
 * <pre>
 * arrival + A·ln(remaining row-steps)
 * </pre>
 *
 * where A is the time of {@value #AGEING_ROW_STEPS} row-steps at the peak: one with half as far to
 * go overtakes what came up to A·ln 2 before it, and nothing that came earlier. So nobody is
 * overtaken for ever, but by what has a higher priority.
 */
final class StepBatching implements BatchingPolicy {
  /**
   * In simulations at 95 % load, against request batching: 500 has less than half of its median
   * latency and 0.84 to 0.94 of its 99th percentile, 1 000 has 0.28 and 0.87 to 0.98; at 70 % the
   * medians are the same, and 500 has the shorter tail. Without ageing the tail is worse than
   * there.
   */
  static final int AGEING_ROW_STEPS = 500;

  /** Of calls held at the peak's size. With one in 128, trials cost at most half a percent. */
  static final int CALLS_PER_TRIAL = 128;

  private final int ageingRowSteps;
  private final Trajectory[] first;
  private final double[] due;
  private int count;
  private int held;

  StepBatching(int maxRows) {
    this(maxRows, AGEING_ROW_STEPS);
  }

  StepBatching(int maxRows, int ageingRowSteps) {
    this.ageingRowSteps = ageingRowSteps;
    this.first = new Trajectory[maxRows];
    this.due = new double[maxRows];
  }

  @Override
  public void select(List<Trajectory> ready, CostCurve curve, Batch batch) {
    double ageing = ageingRowSteps * curve.peakMillisPerRow();
    count = 0;
    int highest = Integer.MIN_VALUE;
    int backlog = 0;
    for (int i = 0; i < ready.size(); i++) {
      Trajectory trajectory = ready.get(i);
      int priority = trajectory.cohort().priority();
      if (priority > highest) {
        highest = priority;
        backlog = 0;
      }
      if (priority == highest) {
        backlog += trajectory.rowCount();
      }
      offer(trajectory, due(trajectory.cohort(), trajectory.rowStepsLeft(), ageing));
    }
    int limit = limit(Math.max(curve.nearPeakRows(), (backlog + 1) / 2), curve);
    for (int i = 0; i < count && batch.rows().size() < limit; i++) {
      batch.add(first[i]);
    }
    // Or an idle engine would keep the last requests, with all the noise they were given.
    Arrays.fill(first, 0, count, null);
  }

  /**
   * Where more rows are slower, a long queue must not be what makes them so. But what is never run
   * is never measured, and a curve that was measured in a bad minute would stay as it is: so what
   * the queue asks for is tried once in a while.
   */
  private int limit(int wanted, CostCurve curve) {
    if (wanted <= curve.peakRows()) {
      return wanted;
    }
    held++;
    return held % CALLS_PER_TRIAL == 0 ? wanted : curve.peakRows();
  }

  private static double due(Cohort cohort, long rowSteps, double ageing) {
    return cohort.arrivedMillis() + ageing * Math.log((double) rowSteps);
  }

  /** See {@link Batching#rowStepsAhead}: the work whose turn comes before it. */
  static double rowStepsAhead(Cohort other, Cohort arriving, long rowSteps, CostCurve curve) {
    if (other.priority() != arriving.priority()) {
      return other.priority() > arriving.priority() ? (double) other.rowStepsLeft() : 0;
    }
    double ageing = AGEING_ROW_STEPS * curve.peakMillisPerRow();
    double last = due(arriving, rowSteps, ageing);
    // The other's samples run one after the other, so those due before are its first row-steps.
    double dueBefore = Math.exp((last - other.arrivedMillis()) / ageing);
    return Math.max(0, Math.min((double) other.rowStepsLeft(), dueBefore - other.rowStepsDone()));
  }

  /** Keeps the first so many of what is offered, in order: among equals the earlier offered. */
  private void offer(Trajectory trajectory, double when) {
    int i = count;
    if (count < first.length) {
      count++;
    } else if (isBefore(trajectory, when, count - 1)) {
      i--;
    } else {
      return;
    }
    for (; i > 0 && isBefore(trajectory, when, i - 1); i--) {
      first[i] = first[i - 1];
      due[i] = due[i - 1];
    }
    first[i] = trajectory;
    due[i] = when;
  }

  private boolean isBefore(Trajectory trajectory, double when, int i) {
    int difference = trajectory.cohort().priority() - first[i].cohort().priority();
    return difference > 0 || (difference == 0 && when < due[i]);
  }
}
