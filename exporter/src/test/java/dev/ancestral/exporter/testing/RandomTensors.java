package dev.ancestral.exporter.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import com.google.protobuf.ByteString;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Port;
import dev.ancestral.exporter.onnx.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Random inputs and weights from a seed. */
public final class RandomTensors {
  private static final List<String> NOT_SUMMED =
      List.of("embed.weight", "embedding.weight", ".g", "mem_kv");

  private RandomTensors() {}

  /** Standard normal floats; whole numbers 0..3; truth values by sign. */
  public static Tensor of(Port port, int batch, long seed) {
    List<Long> dims = new ArrayList<>();
    dims.add((long) batch);
    dims.addAll(port.row());
    float[] normals = normals(Math.toIntExact(Tensor.elements(dims)), seed, 0);
    ElementType type = port.type();
    if (type == ElementType.FLOAT) {
      return new Tensor(type, dims, Tensor.ofFloats(normals).data());
    }
    ByteString data = ByteString.EMPTY;
    for (float normal : normals) {
      long whole =
          type == ElementType.BOOL
              ? (normal > 0 ? 1 : 0)
              : Math.floorMod((long) (normal * 100), 4L);
      data = data.concat(Tensor.scalar(type, whole).data());
    }
    return new Tensor(type, dims, data);
  }

  /**
   * Overwrites every parameter with normals, scaled so that sums over the inputs stay near 1: by
   * 1/√fan-in where numbers are summed up, not at all where they are looked up, added or factors.
   */
  public static void weights(Block block, long seed) {
    int index = 1;
    for (Pair<String, Parameter> entry : block.getParameters()) {
      NDArray array = entry.getValue().getArray();
      float[] values = normals(Math.toIntExact(array.size()), seed, index++);
      boolean isMatrix =
          array.getShape().dimension() > 1
              && NOT_SUMMED.stream().noneMatch(entry.getKey()::endsWith);
      double fanIn = isMatrix ? (double) array.size() / array.getShape().get(0) : 1;
      boolean isVariance = entry.getKey().endsWith("runningVar");
      for (int i = 0; i < values.length; i++) {
        values[i] =
            isVariance ? 0.5f + Math.abs(values[i]) : (float) (values[i] / Math.sqrt(fanIn));
      }
      array.set(values);
    }
  }

  private static float[] normals(int count, long seed, int index) {
    float[] normals = new float[count];
    GaussianNoise.fill(normals, seed, NoisePurpose.DATA, index, 0);
    return normals;
  }
}
