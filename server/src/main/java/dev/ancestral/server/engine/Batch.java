package dev.ancestral.server.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The trajectories that take a step in one call of the network, and their rows. One object serves
 * all calls, so that planning allocates nothing. Belongs to the engine's thread.
 *
 * <p>Invariant: at most {@code maxRows} rows, though one trajectory always fits.
 */
final class Batch {
  private final int maxRows;
  private final List<Trajectory> trajectories = new ArrayList<>();
  private final List<Trajectory> trajectoriesView = Collections.unmodifiableList(trajectories);
  private final List<Row> rows = new ArrayList<>();
  private final List<Row> rowsView = Collections.unmodifiableList(rows);

  Batch(int maxRows) {
    this.maxRows = maxRows;
  }

  int maxRows() {
    return maxRows;
  }

  void clear() {
    trajectories.clear();
    rows.clear();
  }

  /** Takes the trajectory's rows, all or none; returns whether they fitted. */
  boolean add(Trajectory trajectory) {
    if (!rows.isEmpty() && rows.size() + trajectory.rowCount() > maxRows) {
      return false;
    }
    trajectories.add(trajectory);
    trajectory.addRowsTo(rows);
    return true;
  }

  boolean isEmpty() {
    return trajectories.isEmpty();
  }

  /** How many trajectories. */
  int size() {
    return trajectories.size();
  }

  Trajectory get(int i) {
    return trajectories.get(i);
  }

  /** The trajectories. */
  List<Trajectory> trajectories() {
    return trajectoriesView;
  }

  /** What the network sees, trajectory after trajectory. */
  List<Row> rows() {
    return rowsView;
  }
}
