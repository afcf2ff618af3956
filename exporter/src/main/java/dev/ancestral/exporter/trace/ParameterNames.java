package dev.ancestral.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import dev.ancestral.exporter.onnx.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Names and contents of a block's parameters.
 *
 * <p>A name is the path of children's names down to the parameter's own, with dots between. A block
 * that owns all its parameters itself so decides all names.
 */
final class ParameterNames {
  private final Map<String, String> namesByUid = new HashMap<>();
  private final Map<String, Tensor> tensors = new HashMap<>();

  ParameterNames(Block block) {
    collect(block, "");
  }

  private void collect(Block block, String prefix) {
    for (Pair<String, Parameter> direct : block.getDirectParameters()) {
      namesByUid.putIfAbsent(direct.getValue().getArray().getUid(), prefix + direct.getKey());
    }
    for (Pair<String, Block> child : block.getChildren()) {
      collect(child.getValue(), prefix + child.getKey() + ".");
    }
  }

  /** The name of the parameter that this real array is, if it is one. */
  Optional<String> nameOf(NDArray real) {
    return Optional.ofNullable(namesByUid.get(real.getUid()));
  }

  /** The content, copied once. */
  Tensor tensor(String name, NDArray real) {
    return tensors.computeIfAbsent(name, ignored -> DjlTensors.tensor(real));
  }
}
