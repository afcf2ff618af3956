package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.Value;

/** Element by element, on numbers. */
final class Arithmetic {
  private Arithmetic() {}

  static void register(OperatorMap.Entries entries) {
    entries.put(Arithmetic::add, "add(NDArray)");
    entries.put(binary("Add"), "add(Number)");
    entries.put(binary("Sub"), "sub(NDArray)", "sub(Number)");
    entries.put(binary("Mul"), "mul(NDArray)", "mul(Number)");
    entries.put(binary("Div"), "div(NDArray)", "div(Number)");
    entries.put(binary("Pow"), "pow(NDArray)", "pow(Number)");
    entries.put(binary("Max"), "maximum(NDArray)", "maximum(Number)");
    entries.put(binary("Min"), "minimum(NDArray)", "minimum(Number)");
    entries.put(Arithmetic::mod, "mod(NDArray)", "mod(Number)");
    entries.put(Arithmetic::clip, "clip(Number,Number)");

    entries.put(unary("Neg"), "neg()");
    entries.put(unary("Abs"), "abs()");
    entries.put(unary("Sign"), "sign()");
    entries.put(unary("Floor"), "floor()");
    entries.put(unary("Ceil"), "ceil()");
    entries.put(unary("Round"), "round()");
    entries.put(Arithmetic::trunc, "trunc()");
    entries.put(unary("Sqrt"), "sqrt()");
    entries.put(unary("Exp"), "exp()");
    entries.put(unary("Log"), "log()");
    entries.put(scaledLog(10), "log10()");
    entries.put(scaledLog(2), "log2()");
    entries.put(unary("Erf"), "erf()");
    entries.put(unary("Sin"), "sin()");
    entries.put(unary("Cos"), "cos()");
    entries.put(unary("Tan"), "tan()");
    entries.put(unary("Asin"), "asin()");
    entries.put(unary("Acos"), "acos()");
    entries.put(unary("Atan"), "atan()");
    entries.put(unary("Sinh"), "sinh()");
    entries.put(unary("Cosh"), "cosh()");
    entries.put(unary("Tanh"), "tanh()");
    entries.put(
        (call, graph) -> {
          String x = graph.cast(call.self(), call.result().type());
          return graph.op("Mul", x, x);
        },
        "square()");
    entries.put(times(180 / Math.PI), "toDegrees()");
    entries.put(times(Math.PI / 180), "toRadians()");

    entries.put((call, graph) -> graph.cast(call.self(), call.type(1)), "toType(DataType,boolean)");
  }

  private static String add(Call call, GraphBuilder graph) {
    return Fusions.channelMap(call, graph).orElseGet(() -> binary("Add").lower(call, graph));
  }

  /** x ∘ y in the type of the result. */
  private static Lowering.Single binary(String operator) {
    return (call, graph) -> {
      ElementType type = call.result().type();
      return graph.op(operator, graph.cast(call.self(), type), operand(call, graph, type));
    };
  }

  /** The second operand, an array or a number. */
  private static String operand(Call call, GraphBuilder graph, ElementType type) {
    return call.args().get(1) instanceof Value value
        ? graph.cast(value, type)
        : graph.scalar(type, call.number(1));
  }

  private static Lowering.Single unary(String operator) {
    return (call, graph) -> graph.op(operator, graph.cast(call.self(), call.result().type()));
  }

  /** The remainder with the divisor's sign: x - ⌊x/y⌋·y. */
  private static String mod(Call call, GraphBuilder graph) {
    ElementType type = call.result().type();
    String x = graph.cast(call.self(), type);
    String y = operand(call, graph, type);
    if (type.category() == ElementType.Category.INTEGER) {
      return graph.op("Mod", x, y);
    }
    return graph.op("Sub", x, graph.op("Mul", graph.op("Floor", graph.op("Div", x, y)), y));
  }

  private static String clip(Call call, GraphBuilder graph) {
    ElementType type = call.result().type();
    return graph.op(
        "Clip",
        graph.cast(call.self(), type),
        graph.scalar(type, call.number(1)),
        graph.scalar(type, call.number(2)));
  }

  /** sign(x)·⌊|x|⌋. */
  private static String trunc(Call call, GraphBuilder graph) {
    String x = graph.name(call.self());
    return graph.op("Mul", graph.op("Sign", x), graph.op("Floor", graph.op("Abs", x)));
  }

  private static Lowering.Single scaledLog(double base) {
    return (call, graph) -> {
      ElementType type = call.result().type();
      String log = graph.op("Log", graph.cast(call.self(), type));
      return graph.op("Mul", log, graph.scalar(type, 1 / Math.log(base)));
    };
  }

  private static Lowering.Single times(double factor) {
    return (call, graph) -> {
      ElementType type = call.result().type();
      return graph.op("Mul", graph.cast(call.self(), type), graph.scalar(type, factor));
    };
  }
}
