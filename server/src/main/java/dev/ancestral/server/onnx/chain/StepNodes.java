package dev.ancestral.server.onnx.chain;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Locale;

/** Writes the universal step as nodes, each named as what it makes. */
final class StepNodes {
  private final GraphProto.Builder body;

  StepNodes(GraphProto.Builder body) {
    this.body = body;
  }

  String add(String operator, String output, String... inputs) {
    body.addNode(
        NodeProto.newBuilder()
            .setName(output)
            .setOpType(operator)
            .addAllInput(List.of(inputs))
            .addOutput(output));
    return output;
  }

  /** m without the variance half, which follows along the first axis of a row. */
  String firstHalf(String output, long length) {
    return add(
        "Slice",
        "mean_half",
        output,
        longs("half_start", 0),
        longs("half_end", length),
        longs("half_axis", 1));
  }

  /** Classifier-free guidance (Ho and Salimans 2022, eq. 6). */
  String guided(String output) {
    String unlabelled = add("Gather", "o_unlabelled", output, ChainGraph.UNLABELLED);
    String labelled = add("Gather", "o_labelled", output, ChainGraph.LABELLED);
    String difference = add("Sub", "guidance", labelled, unlabelled);
    String scaled = add("Mul", "guidance_scaled", coefficient(Coefficient.WEIGHT), difference);
    return add("Add", "m", unlabelled, scaled);
  }

  /** From x, p, z and m to {@code next_x} and {@code next_p}. */
  void advance(String m) {
    String estimate = add("Add", "x0_raw", scaled(Coefficient.AX, "x"), scaled(Coefficient.AM, m));
    String raised = add("Max", "x0_low", estimate, coefficient(Coefficient.LOW));
    String x0 = add("Min", "next_p", raised, coefficient(Coefficient.HIGH));
    String next = add("Add", "x_m", scaled(Coefficient.BX, "x"), scaled(Coefficient.BM, m));
    next = add("Add", "x_m_p", next, scaled(Coefficient.BP, "p"));
    next = add("Add", "x_m_p_0", next, scaled(Coefficient.B0, x0));
    add("Add", "next_x", next, scaled(Coefficient.BZ, "z"));
  }

  private String scaled(Coefficient coefficient, String value) {
    String factor = coefficient(coefficient);
    return add("Mul", factor + "_" + value, factor, value);
  }

  private String coefficient(Coefficient coefficient) {
    String name = coefficient.name().toLowerCase(Locale.ROOT);
    body.addInitializer(
        TensorProto.newBuilder()
            .setName("column_" + name)
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addInt64Data(Coefficient.COLUMNS.indexOf(coefficient)));
    return add("Gather", name, "row", "column_" + name);
  }

  private String longs(String name, long value) {
    body.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(1)
            .addInt64Data(value));
    return name;
  }
}
