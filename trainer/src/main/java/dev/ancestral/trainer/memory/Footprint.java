package dev.ancestral.trainer.memory;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.trace.Operation;
import dev.ancestral.trainer.network.trace.Symbol;
import dev.ancestral.trainer.network.trace.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one sample costs a network, in numbers of 32 bits.
 *
 * @param kept from a forward pass for its backward pass
 * @param largest result of one operation
 * @param parameters weights of the network
 */
record Footprint(double kept, double largest, long parameters) {
  /** The footprint of a network, which may have no arrays yet. */
  static Footprint of(Network network, NetworkTask task) {
    List<Shape> inputs = new ArrayList<>();
    inputs.add(
        new Shape(1).addAll(new Shape(task.shape().stream().mapToLong(Long::longValue).toArray())));
    inputs.add(new Shape(1));
    if (task.classEmbeddings() != null) {
      inputs.add(new Shape(1));
    }
    // Not as in training: a block without arrays would make some. Dropout alone is missed.
    Trace trace = Trace.of((store, given) -> network.block().forward(store, given, false), inputs);
    long parameters = 0;
    for (var parameter : network.block().getParameters()) {
      parameters += parameter.getValue().getShape().size();
    }
    return new Footprint(kept(trace), largest(trace), parameters);
  }

  private static double largest(Trace trace) {
    return trace.operations().stream()
        .flatMap(operation -> operation.results().stream())
        .mapToDouble(Footprint::numbers)
        .max()
        .orElse(0);
  }

  /** Each memory that some backward operation reads, once; weights are counted elsewhere. */
  private static double kept(Trace trace) {
    Map<Symbol, Symbol> owners = new HashMap<>();
    Map<Symbol, Double> kept = new HashMap<>();
    for (Operation operation : trace.operations()) {
      switch (operation.operator().saves()) {
        case NOTHING -> {}
        case VIEW -> {
          Symbol owner = owner(owners, operation.inputs().findFirst().orElseThrow());
          operation.results().forEach(view -> owners.put(view, owner));
        }
        case INPUTS -> keepInputs(operation, owners, kept);
        case RESULT -> keep(operation.result(), kept);
        case INPUTS_AND_RESULT -> {
          keepInputs(operation, owners, kept);
          keep(operation.result(), kept);
        }
      }
    }
    trace.parameters().values().forEach(kept::remove);
    return kept.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static void keepInputs(
      Operation operation, Map<Symbol, Symbol> owners, Map<Symbol, Double> kept) {
    operation.inputs().forEach(input -> keep(owner(owners, input), kept));
  }

  private static void keep(Symbol symbol, Map<Symbol, Double> kept) {
    kept.put(symbol, numbers(symbol));
  }

  private static Symbol owner(Map<Symbol, Symbol> owners, Symbol view) {
    return owners.getOrDefault(view, view);
  }

  /** Not as Shape counts them, which overflows. */
  private static double numbers(Symbol symbol) {
    double numbers = 1;
    for (long size : symbol.shape().getShape()) {
      numbers *= size;
    }
    return numbers;
  }
}
