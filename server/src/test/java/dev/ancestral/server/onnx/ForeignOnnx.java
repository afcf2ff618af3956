package dev.ancestral.server.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The network of {@link TinyOnnx} as other people's exporters write it. */
public final class ForeignOnnx {
  private ForeignOnnx() {}

  /** How many timesteps a call takes. */
  public enum Timesteps {
    /** One for each row. */
    BATCH,
    /** One, in a list. */
    ONE,
    /** One. */
    SCALAR
  }

  /**
   * How a file is written.
   *
   * @param state name of the input
   * @param timestep name of the input
   * @param labels name of the input, if there are any
   * @param output name of the output
   * @param type of the timestep, FLOAT, INT64 or another
   * @param timesteps its shape
   * @param oneRow whether the batch is fixed at 1
   */
  public record Style(
      String state,
      String timestep,
      String labels,
      String output,
      DataType type,
      Timesteps timesteps,
      boolean oneRow) {
    /** As our own export writes. */
    public static final Style OURS =
        new Style(
            "sample",
            "timestep",
            "class_labels",
            "out_sample",
            DataType.FLOAT,
            Timesteps.BATCH,
            false);

    /** The same with other names. */
    public Style named(String state, String timestep, String labels, String output) {
      return new Style(state, timestep, labels, output, type, timesteps, oneRow);
    }

    /** The same with other timesteps. */
    public Style with(DataType type, Timesteps timesteps) {
      return new Style(state, timestep, labels, output, type, timesteps, oneRow);
    }

    /** The same with a batch that is fixed at 1. */
    public Style ofOneRow() {
      return new Style(state, timestep, labels, output, type, timesteps, true);
    }
  }

  /** Writes a directory of diffusers around a network; pictures that are square. */
  public static Path directory(Path directory, Bundle bundle, byte[] network) {
    List<Long> shape = bundle.data().shape();
    Conditioning classes = bundle.conditioning();
    try {
      Files.createDirectories(directory.resolve("unet"));
      Files.createDirectories(directory.resolve("scheduler"));
      Files.write(directory.resolve("unet/model.onnx"), network);
      Files.writeString(
          directory.resolve("unet/config.json"),
          "{\"_class_name\": \"UNet2DModel\", \"in_channels\": %d, \"sample_size\": %d%s}"
              .formatted(
                  shape.get(0),
                  shape.get(1),
                  classes == null
                      ? ""
                      : ", \"num_class_embeds\": %d".formatted(classes.numClasses())));
      Files.writeString(
          directory.resolve("scheduler/scheduler_config.json"),
          "{\"_class_name\": \"DDIMScheduler\"}");
      return directory;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The bytes of a network that fits the description. */
  public static byte[] model(Bundle bundle, Style style) {
    ModelProto ours;
    try {
      ours = ModelProto.parseFrom(TinyOnnx.model(bundle, Map.of()));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    GraphProto from = ours.getGraph();
    GraphProto.Builder graph = GraphProto.newBuilder().setName("theirs");
    Map<String, String> names = new HashMap<>();
    names.put("sample", style.state());
    names.put("class_labels", style.labels());
    names.put("out_sample", style.output());
    names.put("timestep", timestep(graph, style));
    if (!style.state().equals("sample")) {
      // Inside, our names mean something else.
      names.put("h1", "sample");
      names.put("h2", "timestep");
      names.put("h3", "network/sample");
    }
    graph.addAllInitializer(from.getInitializerList());
    from.getNodeList().forEach(node -> graph.addNode(renamed(node, names)));
    from.getInputList().forEach(input -> graph.addInput(value(input, names, style)));
    graph.addOutput(value(from.getOutput(0), names, style));
    return ours.toBuilder().setGraph(graph).build().toByteArray();
  }

  /** What makes the floats of the network of the timesteps that are given. */
  private static String timestep(GraphProto.Builder graph, Style style) {
    String name = style.timestep();
    if (style.type() != DataType.FLOAT) {
      graph
          .addNodeBuilder()
          .setOpType("Cast")
          .addInput(name)
          .addOutput("cast")
          .addAttributeBuilder()
          .setName("to")
          .setType(AttributeProto.AttributeType.INT)
          .setI(DataType.FLOAT.getNumber());
      name = "cast";
    }
    if (style.timesteps() == Timesteps.SCALAR) {
      graph
          .addInitializerBuilder()
          .setName("a_list")
          .setDataType(DataType.INT64.getNumber())
          .addDims(1)
          .addInt64Data(1);
      graph
          .addNodeBuilder()
          .setOpType("Reshape")
          .addInput(name)
          .addInput("a_list")
          .addOutput("list");
      name = "list";
    }
    return name;
  }

  private static NodeProto renamed(NodeProto node, Map<String, String> names) {
    NodeProto.Builder renamed = node.toBuilder().clearInput().clearOutput();
    node.getInputList().forEach(name -> renamed.addInput(names.getOrDefault(name, name)));
    node.getOutputList().forEach(name -> renamed.addOutput(names.getOrDefault(name, name)));
    return renamed.build();
  }

  private static ValueInfoProto value(
      ValueInfoProto value, Map<String, String> names, Style style) {
    ValueInfoProto.Builder theirs = value.toBuilder();
    var tensor = theirs.getTypeBuilder().getTensorTypeBuilder();
    TensorShapeProto.Builder shape = tensor.getShapeBuilder();
    if (style.oneRow()) {
      shape.setDim(0, TensorShapeProto.Dimension.newBuilder().setDimValue(1));
    }
    if (!value.getName().equals("timestep")) {
      return theirs.setName(names.getOrDefault(value.getName(), value.getName())).build();
    }
    tensor.setElemType(style.type().getNumber());
    switch (style.timesteps()) {
      case BATCH -> {}
      case ONE -> shape.setDim(0, TensorShapeProto.Dimension.newBuilder().setDimValue(1));
      case SCALAR -> shape.clearDim();
    }
    return theirs.setName(style.timestep()).build();
  }
}
