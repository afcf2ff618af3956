package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.trace.Call;
import java.util.Map;

/** Activation functions. */
final class Activations {
  private static final int HAS_GELU = 20;

  private Activations() {}

  static void register(OperatorMap.Entries entries) {
    entries.put(plain("Relu"), "relu()");
    entries.put(plain("Sigmoid"), "sigmoid()");
    entries.put(plain("Softplus"), "softPlus()");
    entries.put(plain("Softsign"), "softSign()");
    entries.put(plain("Selu"), "selu()");
    entries.put(withAlpha("LeakyRelu"), "leakyRelu(float)");
    entries.put(withAlpha("Elu"), "elu(float)");
    entries.put(Activations::gelu, "gelu()");
  }

  private static Lowering.Single plain(String operator) {
    return (call, graph) -> graph.op(operator, graph.name(call.self()));
  }

  private static Lowering.Single withAlpha(String operator) {
    return (call, graph) ->
        graph.op(operator, Map.of("alpha", call.number(1).floatValue()), graph.name(call.self()));
  }

  /** x·½(1 + erf(x/√2)) (Hendrycks and Gimpel 2016). */
  private static String gelu(Call call, GraphBuilder graph) {
    String x = graph.name(call.self());
    if (graph.opset().atLeast(HAS_GELU)) {
      return graph.op("Gelu", x);
    }
    ElementType type = call.result().type();
    String erf = graph.op("Erf", graph.op("Div", x, graph.scalar(type, Math.sqrt(2))));
    String gate = graph.op("Mul", x, graph.op("Add", erf, graph.scalar(type, 1)));
    return graph.op("Mul", gate, graph.scalar(type, 0.5));
  }
}
