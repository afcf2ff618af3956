package dev.ancestral.exporter.trace;

import java.util.List;

/**
 * What a network does, for any batch size: the calls its outputs depend on, in the order they were
 * made.
 *
 * @param calls every one after those that make its arguments
 * @param outputs what the network answers
 */
public record CallGraph(List<Call> calls, List<Value> outputs) {
  /** Copies. */
  public CallGraph {
    calls = List.copyOf(calls);
    outputs = List.copyOf(outputs);
  }
}
