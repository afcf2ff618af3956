package dev.ancestral.exporter.proof;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.trace.DjlTensors;
import java.util.List;

/** A DJL block, run by its own engine. Does not own the block or the manager. */
public final class DjlModel implements Model {
  private final Block block;
  private final NDManager manager;

  /** The model of an initialized block. */
  public DjlModel(Block block, NDManager manager) {
    this.block = block;
    this.manager = manager;
  }

  @Override
  public List<Tensor> run(List<Tensor> inputs) {
    try (NDManager scratch = manager.newSubManager()) {
      NDList given = new NDList();
      inputs.forEach(tensor -> given.add(DjlTensors.create(scratch, tensor)));
      NDList made = block.forward(new ParameterStore(scratch, false), given, false);
      return made.stream().map(DjlTensors::tensor).toList();
    }
  }

  @Override
  public void close() {}
}
