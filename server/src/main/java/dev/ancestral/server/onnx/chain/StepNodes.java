package dev.ancestral.server.onnx.chain;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Locale;

/** Writes the universal step as nodes, each named as what it makes. */
final class StepNodes {
  /** Since when the axes of a sum are an input. */
  private static final int AXES_AS_INPUT = 13;

  private final GraphProto.Builder body;
  private final long opset;

  StepNodes(GraphProto.Builder body, long opset) {
    this.body = body;
    this.opset = opset;
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

  /** From x, h, z and m to {@code next_x}, {@code next_h} and {@code x0}. */
  void advance(String m) {
    String estimate = add("Add", "x0_raw", scaled(Coefficient.AX, "x"), scaled(Coefficient.AM, m));
    String raised = add("Max", "x0_low", estimate, coefficient(Coefficient.LOW));
    String x0 = add("Min", "x0", raised, coefficient(Coefficient.HIGH));
    String next = add("Add", "x_m", scaled(Coefficient.BX, "x"), scaled(Coefficient.BM, m));
    next = add("Add", "x_m_h", next, past());
    next = add("Add", "x_m_h_0", next, scaled(Coefficient.B0, x0));
    add("Add", "next_x", next, scaled(Coefficient.BZ, "z"));
    leave(m, x0);
  }

  /** What the entries of the history give together; their factors are the last columns. */
  private String past() {
    String factors = columns("past_factors", Coefficient.COLUMNS.size(), Long.MAX_VALUE);
    String scaled = add("Mul", "past_h", factors, "h");
    NodeProto.Builder sum = NodeProto.newBuilder().setName("past_sum").setOpType("ReduceSum");
    sum.addInput(scaled).addOutput("past_sum").addAttribute(attribute("keepdims", 0));
    if (opset < AXES_AS_INPUT) {
      sum.addAttribute(
          AttributeProto.newBuilder()
              .setName("axes")
              .setType(AttributeProto.AttributeType.INTS)
              .addInts(0));
    } else {
      sum.addInput(longs("past_axis", 0));
    }
    body.addNode(sum);
    return "past_sum";
  }

  /** The new entry comes before the others, of which the oldest is cut off. */
  private void leave(String m, String x0) {
    String entry =
        add("Add", "left_x_m", entryTerm(Coefficient.HX, "x"), entryTerm(Coefficient.HM, m));
    entry = add("Add", "left", entry, entryTerm(Coefficient.H0, x0));
    String kept =
        add(
            "Slice",
            "kept",
            "h",
            longs("kept_start", 0),
            longs("kept_end", -1),
            longs("kept_axis", 0));
    body.addNode(
        NodeProto.newBuilder()
            .setName("next_h")
            .setOpType("Concat")
            .addInput(entry)
            .addInput(kept)
            .addOutput("next_h")
            .addAttribute(attribute("axis", 0)));
  }

  /** A term with the axis of entries before its others, which the factor's own column brings. */
  private String entryTerm(Coefficient coefficient, String value) {
    int column = Coefficient.COLUMNS.indexOf(coefficient);
    String factor = columns(name(coefficient), column, column + 1);
    return add("Mul", factor + "_" + value, factor, value);
  }

  private String columns(String name, long start, long end) {
    return add(
        "Slice",
        name,
        "row",
        longs(name + "_start", start),
        longs(name + "_end", end),
        longs(name + "_axis", 0));
  }

  private static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private String scaled(Coefficient coefficient, String value) {
    String factor = coefficient(coefficient);
    return add("Mul", factor + "_" + value, factor, value);
  }

  private String coefficient(Coefficient coefficient) {
    String name = name(coefficient);
    body.addInitializer(
        TensorProto.newBuilder()
            .setName("column_" + name)
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addInt64Data(Coefficient.COLUMNS.indexOf(coefficient)));
    return add("Gather", name, "row", "column_" + name);
  }

  private static String name(Coefficient coefficient) {
    return coefficient.name().toLowerCase(Locale.ROOT);
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
