package dev.ancestral.exporter.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a {@link Graph} as an ONNX file: one protocol buffer, weights inside, as raw bytes. The
 * same graph gives the same bytes.
 */
public final class OnnxFile {
  /** Name of the dimension that callers choose. */
  public static final String BATCH = "batch";

  /** Protocol buffers hold no more than this. */
  private static final long MAX_BYTES = Integer.MAX_VALUE;

  private static final String PRODUCER = "ancestral";

  private OnnxFile() {}

  /**
   * The file's content.
   *
   * @param metadata goes into {@code metadata_props}
   * @throws IllegalArgumentException if the weights do not fit one protocol buffer
   */
  public static byte[] write(Graph graph, Opset opset, Map<String, String> metadata) {
    long weights =
        graph.initializers().values().stream().mapToLong(tensor -> tensor.data().size()).sum();
    if (weights > MAX_BYTES) {
      throw new IllegalArgumentException(
          "weights: %d bytes (expected: at most %d, what one ONNX file holds)"
              .formatted(weights, MAX_BYTES));
    }
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(opset.irVersion())
            .setProducerName(PRODUCER)
            .addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset.version()))
            .setGraph(graph(graph));
    new TreeMap<>(metadata)
        .forEach(
            (key, value) ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build().toByteArray();
  }

  private static GraphProto graph(Graph graph) {
    GraphProto.Builder builder = GraphProto.newBuilder().setName(graph.name());
    graph.inputs().forEach(port -> builder.addInput(port(port)));
    graph.outputs().forEach(port -> builder.addOutput(port(port)));
    graph.initializers().forEach((name, tensor) -> builder.addInitializer(tensor(name, tensor)));
    graph.nodes().forEach(node -> builder.addNode(node(node)));
    return builder.build();
  }

  private static ValueInfoProto port(Port port) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH));
    port.row().forEach(n -> shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(n)));
    return ValueInfoProto.newBuilder()
        .setName(port.name())
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(port.type().code()).setShape(shape)))
        .build();
  }

  private static TensorProto tensor(String name, Tensor tensor) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(tensor.type().code())
        .addAllDims(tensor.dims())
        .setRawData(tensor.data())
        .build();
  }

  private static NodeProto node(Node node) {
    NodeProto.Builder builder =
        NodeProto.newBuilder()
            .setName(node.name())
            .setOpType(node.operator())
            .addAllInput(node.inputs())
            .addAllOutput(node.outputs());
    node.attributes().forEach((name, value) -> builder.addAttribute(attribute(name, value)));
    return builder.build();
  }

  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder builder = AttributeProto.newBuilder().setName(name);
    if (value instanceof Long number) {
      return builder.setType(AttributeProto.AttributeType.INT).setI(number).build();
    }
    if (value instanceof Float number) {
      return builder.setType(AttributeProto.AttributeType.FLOAT).setF(number).build();
    }
    if (value instanceof String text) {
      return builder
          .setType(AttributeProto.AttributeType.STRING)
          .setS(ByteString.copyFromUtf8(text))
          .build();
    }
    if (value instanceof List<?> numbers) {
      builder.setType(AttributeProto.AttributeType.INTS);
      numbers.forEach(number -> builder.addInts((Long) number));
      return builder.build();
    }
    throw new IllegalArgumentException(
        "attribute %s: %s (expected: Long, Float, String or a list of Long)"
            .formatted(name, value.getClass().getSimpleName()));
  }
}
