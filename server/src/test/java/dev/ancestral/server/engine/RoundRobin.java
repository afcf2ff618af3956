package dev.ancestral.server.engine;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Full batches of those whose last step is longest ago; to compare with. */
final class RoundRobin implements BatchingPolicy {
  private final Map<Trajectory, Long> lastCalls = new HashMap<>();
  private long calls;

  @Override
  public void select(List<Trajectory> ready, CostCurve curve, Batch batch) {
    calls++;
    lastCalls.keySet().removeIf(Trajectory::isOver);
    ready.stream()
        .sorted(Comparator.comparingLong(trajectory -> lastCalls.getOrDefault(trajectory, 0L)))
        .limit(batch.maxRows())
        .forEach(
            trajectory -> {
              lastCalls.put(trajectory, calls);
              batch.add(trajectory);
            });
  }
}
