package dev.ancestral.server.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Decides which rows run in the next call: those that are due first ({@link Trajectory#due}), which
 * is shortest remaining first with ageing. Their timesteps, samplers and step counts do not matter.
 *
 * <p>No thread, no clock, no lock: time is the number of calls planned. Belongs to the engine's
 * thread. Invariant: every cohort here has rows that did not leave yet.
 */
final class BatchPlanner {
  private static final Comparator<Trajectory> DUE_FIRST =
      Comparator.comparingLong(Trajectory::due).thenComparingInt(Trajectory::sample);

  private final int maxRows;
  private final int window;
  private final List<Cohort> cohorts = new ArrayList<>();
  private final PriorityQueue<Trajectory> chosen;
  private long round;

  BatchPlanner(EngineLimits limits) {
    this.maxRows = limits.maxRows();
    this.window = limits.window();
    this.chosen = new PriorityQueue<>(maxRows + 1, DUE_FIRST.reversed());
  }

  /** New requests join; their first rows may be in the very next plan. */
  void admit(List<Cohort> arrivals) {
    for (Cohort cohort : arrivals) {
      cohort.admit(round);
      cohorts.add(cohort);
    }
  }

  /** The rows of the next call, at most {@code maxRows}, first due first; empty if none may run. */
  List<Trajectory> plan() {
    for (Cohort cohort : cohorts) {
      for (Trajectory trajectory : cohort.steppable(window)) {
        chosen.add(trajectory);
        if (chosen.size() > maxRows) {
          chosen.remove();
        }
      }
    }
    List<Trajectory> batch = new ArrayList<>(chosen);
    batch.sort(DUE_FIRST);
    chosen.clear();
    if (!batch.isEmpty()) {
      round++;
    }
    return batch;
  }

  /** Lets go of what finished, was cancelled or failed; returns how many rows left. */
  int retire() {
    int left = 0;
    for (Cohort cohort : cohorts) {
      left += cohort.retire();
    }
    cohorts.removeIf(Cohort::isRetired);
    return left;
  }

  /** Steps that all rows here have before them. */
  long stepsLeft() {
    long steps = 0;
    for (Cohort cohort : cohorts) {
      steps += cohort.stepsLeft();
    }
    return steps;
  }

  /** Ends every request that is still here. */
  void abandon(EngineException reason) {
    cohorts.forEach(cohort -> cohort.fail(reason));
  }
}
