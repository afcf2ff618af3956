package dev.ancestral.exporter.proof;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Port;
import dev.ancestral.exporter.onnx.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every network of ours is given: sample, timestep and, if it is conditional, class_labels.
 *
 * @param data what a sample is
 * @param conditioning the classes; null for an unconditional network
 */
public record NetworkInputs(DataSpec data, @Nullable Conditioning conditioning) {
  /** The output's name. */
  public static final String OUTPUT = "out_sample";

  /** Names, types and shapes, in order. */
  public List<Port> ports() {
    List<Port> ports = new ArrayList<>();
    ports.add(new Port("sample", ElementType.FLOAT, data.shape()));
    ports.add(new Port("timestep", ElementType.FLOAT, List.of()));
    if (conditioning != null) {
      ports.add(new Port("class_labels", ElementType.INT64, List.of()));
    }
    return List.copyOf(ports);
  }

  /** Labels for so many rows: all there are in turn, the null label first; zeros without any. */
  public long[] labelsInTurn(int rows) {
    long[] labels = new long[rows];
    if (conditioning != null) {
      int known = conditioning.numClasses() + (conditioning.nullLabel() == null ? 0 : 1);
      for (int row = 0; row < rows; row++) {
        labels[row] = Math.floorMod(conditioning.numClasses() - row, known);
      }
    }
    return labels;
  }

  /** Tensors for these rows, all at one timestep. */
  public List<Tensor> batch(float[][] rows, double timestep, long[] labels) {
    float[] timesteps = new float[rows.length];
    Arrays.fill(timesteps, (float) timestep);
    List<Tensor> tensors = new ArrayList<>();
    tensors.add(sample(rows));
    tensors.add(Tensor.ofFloats(timesteps));
    if (conditioning != null) {
      tensors.add(Tensor.ofLongs(labels));
    }
    return tensors;
  }

  /** The rows as one tensor [batch, ...shape]. */
  Tensor sample(float[][] rows) {
    float[] all = new float[rows.length * data.elements()];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, all, row * data.elements(), data.elements());
    }
    List<Long> dims = new ArrayList<>();
    dims.add((long) rows.length);
    dims.addAll(data.shape());
    return new Tensor(ElementType.FLOAT, dims, Tensor.ofFloats(all).data());
  }
}
