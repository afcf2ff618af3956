package dev.ancestral.exporter.trace;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a network did at one batch size.
 *
 * @param batch the batch size
 * @param calls in the order they were made
 * @param outputs what the network answered
 */
record Recording(long batch, List<RecordedCall> calls, List<RecordedValue> outputs) {
  Recording {
    calls = List.copyOf(calls);
    outputs = List.copyOf(outputs);
  }

  /** Positions of the calls that the outputs depend on, rising. */
  List<Integer> liveCalls() {
    Set<Integer> needed = new HashSet<>();
    outputs.forEach(output -> needed.add(output.id()));
    List<Integer> live = new ArrayList<>();
    for (int i = calls.size() - 1; i >= 0; i--) {
      RecordedCall call = calls.get(i);
      if (call.results().stream().anyMatch(result -> needed.contains(result.id()))) {
        live.add(0, i);
        need(call.args(), needed);
      }
    }
    return live;
  }

  private static void need(Collection<?> args, Set<Integer> needed) {
    for (Object arg : args) {
      if (arg instanceof RecordedValue value) {
        needed.add(value.id());
      } else if (arg instanceof Collection<?> nested) {
        need(nested, needed);
      }
    }
  }
}
