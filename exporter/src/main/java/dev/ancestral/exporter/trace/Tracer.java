package dev.ancestral.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.ancestral.exporter.onnx.Port;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds out what a network does, by running it.
 *
 * <p>It runs at two batch sizes; what differs between the two recordings is what depends on the
 * batch. The network's arrays are read, never changed.
 */
public final class Tracer {
  private static final long FIRST_BATCH = 2;
  private static final long SECOND_BATCH = 3;

  private Tracer() {}

  /**
   * Traces a block.
   *
   * @param block initialized; any composition of DJL blocks, with {@code forward(store, inputs,
   *     false)} answering what is wanted
   * @param inputs what it is given, in order
   * @param manager of the engine the parameters live in; the trace's own arrays are gone when this
   *     returns
   * @param mapped which operations can be exported, by {@link Call#operation()}
   * @throws TraceException naming the operation and the block that called it
   */
  public static CallGraph trace(
      Block block, List<Port> inputs, NDManager manager, Predicate<String> mapped) {
    ParameterNames parameters = new ParameterNames(block);
    return BatchComparison.merge(
        record(block, inputs, manager, parameters, mapped, FIRST_BATCH),
        record(block, inputs, manager, parameters, mapped, SECOND_BATCH));
  }

  private static Recording record(
      Block block,
      List<Port> inputs,
      NDManager manager,
      ParameterNames parameters,
      Predicate<String> mapped,
      long batch) {
    try (NDManager scratch = manager.newSubManager()) {
      TraceSession session = new TraceSession(scratch, parameters, mapped);
      NDList given = new NDList();
      for (Port port : inputs) {
        given.add(session.input(port.name(), example(scratch, port, batch)).proxy());
      }
      try {
        NDList outputs = block.forward(new TracedParameters(session), given, false, null);
        return session.recording(batch, outputs);
      } catch (TraceException e) {
        throw e;
      } catch (RuntimeException e) {
        throw UntracedOperand.translate(e).orElseThrow(() -> e);
      }
    }
  }

  /** Zeros: every label exists, and no number of the recording depends on them. */
  private static NDArray example(NDManager manager, Port port, long batch) {
    long[] shape = new long[port.row().size() + 1];
    shape[0] = batch;
    for (int i = 1; i < shape.length; i++) {
      shape[i] = port.row().get(i - 1);
    }
    return manager.zeros(new Shape(shape), DjlTensors.of(port.type()));
  }
}
