package dev.ancestral.exporter.testing;

import com.google.protobuf.ByteString;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A graph with one wrong number. */
public final class Corruption {
  private Corruption() {}

  /** The graph with {@code change} added to one number of one float initializer. */
  public static Graph of(Graph graph, String name, int index, float change) {
    Tensor tensor = Objects.requireNonNull(graph.initializers().get(name), name);
    ByteBuffer bytes = ByteBuffer.wrap(tensor.data().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(index * Float.BYTES, bytes.getFloat(index * Float.BYTES) + change);
    Map<String, Tensor> initializers = new LinkedHashMap<>(graph.initializers());
    initializers.put(
        name, new Tensor(tensor.type(), tensor.dims(), ByteString.copyFrom(bytes.array())));
    return new Graph(graph.name(), graph.inputs(), graph.outputs(), initializers, graph.nodes());
  }
}
