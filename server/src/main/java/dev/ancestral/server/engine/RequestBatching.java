package dev.ancestral.server.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * The baseline, as model servers batch: first come, first served, and whole chains. The oldest that
 * is ready and those behind it with as many steps to go run together, up to the peak's size, until
 * all of them are done; what comes meanwhile waits. Priorities do not count.
 *
 * <p>One whose reader pauses drops out of its group until the others are done.
 */
final class RequestBatching implements BatchingPolicy {
  private final List<Trajectory> group = new ArrayList<>();

  @Override
  public void select(List<Trajectory> ready, CostCurve curve, Batch batch) {
    group.removeIf(Trajectory::isOver);
    fill(ready, batch);
    if (batch.isEmpty() && !ready.isEmpty()) {
      form(ready, curve.peakRows());
      fill(ready, batch);
    }
  }

  private void form(List<Trajectory> ready, int peakRows) {
    group.clear();
    int steps = ready.get(0).stepsLeft();
    int rows = 0;
    for (int i = 0; i < ready.size(); i++) {
      Trajectory trajectory = ready.get(i);
      if (trajectory.stepsLeft() == steps
          && (rows == 0 || rows + trajectory.rowCount() <= peakRows)) {
        group.add(trajectory);
        rows += trajectory.rowCount();
      }
    }
  }

  private void fill(List<Trajectory> ready, Batch batch) {
    for (int i = 0; i < ready.size(); i++) {
      if (group.contains(ready.get(i))) {
        batch.add(ready.get(i));
      }
    }
  }
}
