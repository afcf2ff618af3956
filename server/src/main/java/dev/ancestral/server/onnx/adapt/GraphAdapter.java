package dev.ancestral.server.onnx.adapt;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.ancestral.bundle.signature.Declared;
import dev.ancestral.bundle.signature.Signature;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives a network the inputs and the output of our own files. Its nodes and weights stay as they
 * are, under other names; before them come at most two nodes for the timestep:
 *
 * <pre>
 * timestep, float [batch] - Cast to int64, if it is to be whole - Squeeze, if a scalar - network
 * </pre>
 */
public final class GraphAdapter {
  /** From which on weights need not be inputs as well. */
  private static final long OLDEST_IR = 4;

  private GraphAdapter() {}

  /**
   * The adapted network.
   *
   * @param network as its file says
   * @param signature which of its inputs is what
   * @throws IllegalArgumentException if the file leaves the number of an input's dimensions open
   */
  public static ModelProto adapt(ModelProto network, Signature signature) {
    GraphProto from = network.getGraph();
    GraphProto.Builder graph = GraphProto.newBuilder().setName(from.getName());
    Map<String, String> names = new HashMap<>();
    graph.addInput(renamed(from.getInputList(), signature.sample(), Signature.SAMPLE));
    names.put(signature.sample().name(), Signature.SAMPLE);
    ValueInfoProto timestep =
        renamed(from.getInputList(), signature.timestep(), Signature.TIMESTEP);
    graph.addInput(ofFloats(timestep));
    names.put(signature.timestep().name(), timestep(graph, signature));
    Declared labels = signature.labels();
    if (labels != null) {
      graph.addInput(renamed(from.getInputList(), labels, Signature.LABELS));
      names.put(labels.name(), Signature.LABELS);
    }
    names.put(signature.output().name(), Signature.OUTPUT);
    Prefixed.into(graph, from, names);
    graph.addOutput(renamed(from.getOutputList(), signature.output(), Signature.OUTPUT));
    return network.toBuilder()
        .setIrVersion(Math.max(OLDEST_IR, network.getIrVersion()))
        .setGraph(graph)
        .build();
  }

  /** Adds what makes the network's timestep of ours; returns its name. */
  private static String timestep(GraphProto.Builder graph, Signature signature) {
    String name = Signature.TIMESTEP;
    if (signature.takesWholeTimesteps()) {
      NodeProto.Builder cast = node(graph, "Cast", name, "whole_timestep");
      cast.addAttributeBuilder()
          .setName("to")
          .setType(AttributeProto.AttributeType.INT)
          .setI(DataType.INT64.getNumber());
      name = "whole_timestep";
    }
    if (signature.takesScalarTimestep()) {
      node(graph, "Squeeze", name, "scalar_timestep");
      name = "scalar_timestep";
    }
    return name;
  }

  private static NodeProto.Builder node(
      GraphProto.Builder graph, String operator, String input, String output) {
    return graph
        .addNodeBuilder()
        .setName(output)
        .setOpType(operator)
        .addInput(input)
        .addOutput(output);
  }

  private static ValueInfoProto renamed(
      List<ValueInfoProto> values, Declared declared, String name) {
    return values.stream()
        .filter(value -> value.getName().equals(declared.name()))
        .filter(value -> value.getType().getTensorType().hasShape())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    declared.name() + ": has no shape (expected: one, with free dimensions)"))
        .toBuilder()
        .setName(name)
        .build();
  }

  /** A value of floats in one dimension, which has 1 where the value had none. */
  private static ValueInfoProto ofFloats(ValueInfoProto value) {
    ValueInfoProto.Builder floats = value.toBuilder();
    var tensor = floats.getTypeBuilder().getTensorTypeBuilder();
    tensor.setElemType(DataType.FLOAT.getNumber());
    if (tensor.getShape().getDimCount() == 0) {
      tensor.getShapeBuilder().addDimBuilder().setDimValue(1);
    }
    return floats.build();
  }
}
