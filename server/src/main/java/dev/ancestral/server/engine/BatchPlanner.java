package dev.ancestral.server.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the requests that are under way and decides, by its {@link BatchingPolicy}, which rows run
 * in the next call.
 *
 * <p>No thread, no clock, no lock: time comes in as numbers. Belongs to the engine's thread.
 * Invariant: every cohort here has rows that did not leave yet.
 */
final class BatchPlanner {
  private final BatchingPolicy policy;
  private final int window;
  private final List<Cohort> cohorts = new ArrayList<>();
  private final List<Trajectory> ready = new ArrayList<>();
  private final Batch batch;

  BatchPlanner(EngineLimits limits) {
    this(limits, limits.batching().policy(limits.maxRows()));
  }

  /** Each sample runs alone where it must be deterministic and is not so by itself. */
  BatchPlanner(EngineLimits limits, BatchInvariance invariance) {
    this(
        limits.deterministic() && invariance != BatchInvariance.VERIFIED
            ? new EngineLimits(1, limits.queueRows(), limits.batching(), true)
            : limits);
  }

  BatchPlanner(EngineLimits limits, BatchingPolicy policy) {
    this.policy = policy;
    this.window = limits.window();
    this.batch = new Batch(limits.maxRows());
  }

  /** New requests join; their first rows may be in the very next plan. */
  void admit(List<Cohort> arrivals) {
    for (int i = 0; i < arrivals.size(); i++) {
      cohorts.add(arrivals.get(i));
    }
  }

  /** The next call; empty if nothing may run. Valid until the next plan. */
  Batch plan(CostCurve curve) {
    ready.clear();
    for (int i = 0; i < cohorts.size(); i++) {
      List<Trajectory> steppable = cohorts.get(i).steppable(window);
      // One by one: addAll would copy them into an array first.
      for (int j = 0; j < steppable.size(); j++) {
        ready.add(steppable.get(j));
      }
    }
    batch.clear();
    policy.select(ready, curve, batch);
    return batch;
  }

  /** Lets go of what finished, was cancelled or failed; returns how many rows left. */
  int retire() {
    int left = 0;
    for (int i = 0; i < cohorts.size(); i++) {
      left += cohorts.get(i).retire();
    }
    cohorts.removeIf(Cohort::isRetired);
    return left;
  }

  /** Ends every request that is still here. */
  void abandon(EngineException reason) {
    cohorts.forEach(cohort -> cohort.fail(reason));
  }
}
