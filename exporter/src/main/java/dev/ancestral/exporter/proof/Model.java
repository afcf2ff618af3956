package dev.ancestral.exporter.proof;

import dev.ancestral.exporter.onnx.Tensor;
import java.util.List;

/** A network as a function, whatever runs it. Not thread-safe; whoever opened it closes it. */
public interface Model extends AutoCloseable {
  /**
   * Runs the network.
   *
   * @param inputs in the network's order
   * @return the outputs, in the network's order
   */
  List<Tensor> run(List<Tensor> inputs);

  @Override
  void close();
}
