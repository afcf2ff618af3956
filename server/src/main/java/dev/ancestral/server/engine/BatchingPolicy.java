package dev.ancestral.server.engine;

import java.util.List;

/**
 * Decides which of the ready trajectories run in the next call: no thread, no lock, no clock. What
 * it may remember is its own choices.
 */
interface BatchingPolicy {
  /**
   * Fills the batch.
   *
   * @param ready trajectories that could take a step, in the order in which their requests came;
   *     not changed
   * @param curve what a call costs
   * @param batch empty; stays so only if nothing is ready
   */
  void select(List<Trajectory> ready, CostCurve curve, Batch batch);
}
