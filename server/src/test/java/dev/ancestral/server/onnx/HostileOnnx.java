package dev.ancestral.server.onnx;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFiles;
import dev.ancestral.bundle.BundleFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Networks that look like those of unconditional gray 8×8 pictures, and are not to be run. */
public final class HostileOnnx {
  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
  private static final int INT64 = TensorProto.DataType.INT64.getNumber();
  private static final int BOOL = TensorProto.DataType.BOOL.getNumber();
  private static final List<Long> GRAY = List.of(1L, 8L, 8L);

  private HostileOnnx() {}

  /**
   * Asks for 4 TB in its first call: ConstantOfShape of 10^12 numbers, as a number of the input.
   */
  public static ModelProto terabyte() {
    GraphProto.Builder graph = graph(GRAY, GRAY);
    ints(graph, "ten", 10L, 10L, 10L, 10L, 10L, 10L, 10L, 10L, 10L, 10L, 10L, 10L);
    // Not a constant, or it would be asked for as the session is made.
    node(graph, "Shape", "shape", "timestep");
    node(graph, "Mul", "zero", "shape", ints(graph, "none", 0L));
    node(graph, "Add", "sizes", "ten", "zero");
    node(graph, "ConstantOfShape", "huge", "sizes");
    node(graph, "ReduceSum", "sum", "huge").addAttribute(attribute("keepdims", 0));
    node(graph, "Add", "out_sample", "sample", "sum");
    return model(graph);
  }

  /** Never comes back from its first call. */
  public static ModelProto endless() {
    GraphProto.Builder body = GraphProto.newBuilder().setName("body");
    body.addInput(value("i", INT64, List.of()));
    body.addInput(value("going", BOOL, List.of()));
    body.addInput(value("x", FLOAT, null));
    node(body, "Identity", "still", "going");
    node(body, "Neg", "y", "x");
    body.addOutput(value("still", BOOL, List.of()));
    body.addOutput(value("y", FLOAT, null));
    GraphProto.Builder graph = graph(GRAY, GRAY);
    graph.addInitializer(
        TensorProto.newBuilder().setName("true").setDataType(BOOL).addInt32Data(1));
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Loop")
            .addAllInput(List.of("", "true", "sample"))
            .addOutput("out_sample")
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("body")
                    .setType(AttributeType.GRAPH)
                    .setG(body)));
    return model(graph);
  }

  /** Functions each of which calls the one below twice: 2^levels nodes. */
  public static ModelProto nested(int levels) {
    GraphProto.Builder graph = graph(GRAY, GRAY);
    node(graph, "f" + levels, "out_sample", "sample").setDomain("deep");
    ModelProto.Builder model = model(graph).toBuilder();
    model.addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setDomain("deep").setVersion(1));
    for (int level = 0; level <= levels; level++) {
      FunctionProto.Builder function =
          FunctionProto.newBuilder()
              .setName("f" + level)
              .setDomain("deep")
              .addInput("a")
              .addOutput("c")
              .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(17))
              .addOpsetImport(
                  OnnxMl.OperatorSetIdProto.newBuilder().setDomain("deep").setVersion(1));
      String below = level == 0 ? "Neg" : "f" + (level - 1);
      String domain = level == 0 ? "" : "deep";
      function.addNode(call(below, domain, "a", "b")).addNode(call(below, domain, "b", "c"));
      model.addFunctions(function);
    }
    return model.build();
  }

  /** Graphs within graphs. */
  public static ModelProto deep(int levels) {
    GraphProto inner = GraphProto.newBuilder().setName("g").build();
    for (int level = 0; level < levels; level++) {
      inner =
          GraphProto.newBuilder()
              .setName("g")
              .addNode(
                  NodeProto.newBuilder()
                      .setOpType("If")
                      .addAttribute(
                          AttributeProto.newBuilder()
                              .setName("then_branch")
                              .setType(AttributeType.GRAPH)
                              .setG(inner)))
              .build();
    }
    return model(graph(GRAY, GRAY).addAllNode(inner.getNodeList()));
  }

  /** Takes any channels, as its dimensions say, but has weights for three of them. */
  public static ModelProto hiddenChannels() {
    GraphProto.Builder graph = graph(List.of(-1L, -1L, -1L), List.of(-1L, -1L, -1L));
    TensorProto.Builder kernel =
        TensorProto.newBuilder()
            .setName("kernel")
            .setDataType(FLOAT)
            .addAllDims(List.of(1L, 3L, 1L, 1L));
    for (int i = 0; i < 3; i++) {
      kernel.addFloatData(1);
    }
    graph.addInitializer(kernel);
    node(graph, "Conv", "out_sample", "sample", "kernel");
    return model(graph);
  }

  /** Writes a bundle around it. */
  public static Path bundle(Path directory, Bundle bundle, ModelProto model) throws IOException {
    BundleFormat.publish(
        directory, bundle, new BundleFiles(out -> model.writeTo(out), Map.of(), null, null));
    return directory;
  }

  private static GraphProto.Builder graph(List<Long> in, List<Long> out) {
    return GraphProto.newBuilder()
        .setName("hostile")
        .addInput(batch("sample", in))
        .addInput(batch("timestep", List.of()))
        .addOutput(batch("out_sample", out));
  }

  private static ModelProto model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph)
        .build();
  }

  private static NodeProto.Builder node(
      GraphProto.Builder graph, String operator, String output, String... inputs) {
    return graph
        .addNodeBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }

  private static NodeProto call(String function, String domain, String input, String output) {
    return NodeProto.newBuilder()
        .setOpType(function)
        .setDomain(domain)
        .addInput(input)
        .addOutput(output)
        .build();
  }

  private static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  private static String ints(GraphProto.Builder graph, String name, Long... values) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(INT64)
            .addDims(values.length)
            .addAllInt64Data(List.of(values)));
    return name;
  }

  /** A tensor of free batch; a dimension of -1 is free too. */
  private static ValueInfoProto batch(String name, List<Long> row) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("batch");
    for (long size : row) {
      if (size < 0) {
        shape.addDimBuilder().setDimParam("free" + shape.getDimCount());
      } else {
        shape.addDimBuilder().setDimValue(size);
      }
    }
    return tensor(name, FLOAT, shape);
  }

  private static ValueInfoProto value(String name, int type, @Nullable List<Long> shape) {
    return tensor(name, type, shape == null ? null : TensorShapeProto.newBuilder());
  }

  private static ValueInfoProto tensor(
      String name, int type, TensorShapeProto.@Nullable Builder shape) {
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type);
    if (shape != null) {
      tensor.setShape(shape);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
