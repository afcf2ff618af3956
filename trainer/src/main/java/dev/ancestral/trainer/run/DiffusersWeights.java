package dev.ancestral.trainer.run;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import dev.ancestral.files.AtomicFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The weights of a network as a safetensors file that diffusers loads: float32, each tensor under
 * the name that the network itself gives it.
 */
public final class DiffusersWeights {
  /** Without it, diffusers refuses the file: PyTorch wrote it, or might have. */
  private static final Map<String, String> METADATA = Map.of("format", "pt");

  private DiffusersWeights() {}

  /**
   * Writes them.
   *
   * @param block with its weights, which are read when the writer is called
   */
  public static AtomicFile.Writer of(Block block) {
    return out -> Safetensors.writeTo(out, METADATA, tensors(block));
  }

  private static List<Safetensors.Tensor> tensors(Block block) {
    List<Safetensors.Tensor> tensors = new ArrayList<>();
    for (Pair<String, Parameter> parameter : block.getParameters()) {
      NDArray array = parameter.getValue().getArray();
      tensors.add(
          new Safetensors.Tensor(
              parameter.getKey(),
              Arrays.stream(array.getShape().getShape()).boxed().toList(),
              array.toByteBuffer().asFloatBuffer()));
    }
    return tensors;
  }
}
