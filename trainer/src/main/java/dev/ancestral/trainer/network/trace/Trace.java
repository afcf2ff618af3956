package dev.ancestral.trainer.network.trace;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.Map;

/**
 * What a network does with inputs of certain shapes.
 *
 * @param inputs in the order in which they were given
 * @param parameters of the network by their names, in the order in which it asked for them
 * @param operations in the order in which they were done
 * @param outputs of the network
 */
public record Trace(
    List<Symbol> inputs,
    Map<String, Symbol> parameters,
    List<Operation> operations,
    List<Symbol> outputs) {

  /** A network, or a part of one. */
  @FunctionalInterface
  public interface Traced {
    /** Does what is traced; neither argument holds numbers. */
    NDList run(ParameterStore store, NDList inputs);
  }

  /**
   * Runs it once; no array is made.
   *
   * @param shapes of the inputs
   * @throws UnsupportedOperationException naming an operation that is not known here
   */
  public static Trace of(Traced traced, List<Shape> shapes) {
    return new Tracing().run(traced, shapes);
  }
}
