package dev.ancestral.server.onnx.adapt;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Map;

/**
 * Copies one graph's nodes and weights into another, where none of its names may meet one that is
 * there. Graphs within it, such as the branches of an {@code If}, are renamed alike, since they
 * read values from around them.
 */
public final class Prefixed {
  private static final String PREFIX = "network/";

  private final Map<String, String> given;

  private Prefixed(Map<String, String> given) {
    this.given = given;
  }

  /**
   * Copies all but the inputs and outputs.
   *
   * @param names values that are called otherwise in {@code target}: the inputs and outputs
   */
  public static void into(
      GraphProto.Builder target, GraphProto network, Map<String, String> names) {
    new Prefixed(names).copy(network, target);
  }

  private void copy(GraphProto from, GraphProto.Builder to) {
    from.getNodeList().forEach(node -> to.addNode(node(node)));
    from.getInitializerList().forEach(tensor -> to.addInitializer(tensor(tensor)));
    from.getSparseInitializerList()
        .forEach(
            sparse ->
                to.addSparseInitializer(sparse.toBuilder().setValues(tensor(sparse.getValues()))));
    from.getValueInfoList().forEach(value -> to.addValueInfo(value(value)));
    from.getQuantizationAnnotationList()
        .forEach(
            annotation -> {
              var renamed = annotation.toBuilder().setTensorName(name(annotation.getTensorName()));
              renamed.getQuantParameterTensorNamesBuilderList().forEach(this::renameValue);
              to.addQuantizationAnnotation(renamed);
            });
  }

  private NodeProto node(NodeProto node) {
    NodeProto.Builder renamed =
        node.toBuilder()
            // Without a name it needs none; two of one name are refused.
            .setName(node.getName().isEmpty() ? "" : PREFIX + node.getName())
            .clearInput()
            .clearOutput()
            .clearAttribute();
    node.getInputList().forEach(input -> renamed.addInput(name(input)));
    node.getOutputList().forEach(output -> renamed.addOutput(name(output)));
    node.getAttributeList().forEach(attribute -> renamed.addAttribute(attribute(attribute)));
    return renamed.build();
  }

  private AttributeProto attribute(AttributeProto attribute) {
    AttributeProto.Builder renamed = attribute.toBuilder().clearGraphs();
    if (attribute.hasG()) {
      renamed.setG(graph(attribute.getG()));
    }
    attribute.getGraphsList().forEach(graph -> renamed.addGraphs(graph(graph)));
    return renamed.build();
  }

  private GraphProto graph(GraphProto graph) {
    GraphProto.Builder renamed = GraphProto.newBuilder().setName(PREFIX + graph.getName());
    copy(graph, renamed);
    graph.getInputList().forEach(input -> renamed.addInput(value(input)));
    graph.getOutputList().forEach(output -> renamed.addOutput(value(output)));
    return renamed.build();
  }

  private TensorProto tensor(TensorProto tensor) {
    return tensor.toBuilder().setName(name(tensor.getName())).build();
  }

  private ValueInfoProto value(ValueInfoProto value) {
    return value.toBuilder().setName(name(value.getName())).build();
  }

  private void renameValue(StringStringEntryProto.Builder entry) {
    entry.setValue(name(entry.getValue()));
  }

  /** An empty name stands for an optional value that is left out. */
  private String name(String name) {
    return name.isEmpty() ? name : given.getOrDefault(name, PREFIX + name);
  }
}
