package dev.ancestral.trainer.network.script;

import dev.ancestral.trainer.network.trace.Operation;
import dev.ancestral.trainer.network.trace.Symbol;
import dev.ancestral.trainer.network.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A trace as the body of a TorchScript function. */
final class ScriptText {
  /** The name of all weights in one. */
  static final String WEIGHTS = "weights";

  private final List<String> lines = new ArrayList<>();

  private ScriptText() {}

  /**
   * The names of the function's parameters: inputs in their order, then the weights.
   *
   * @param inputs how many
   */
  static List<String> parameters(int inputs) {
    List<String> names =
        IntStream.range(0, inputs).mapToObj(ScriptText::name).collect(Collectors.toList());
    names.add(WEIGHTS);
    return names;
  }

  /**
   * The lines of it.
   *
   * @param shapes of all weights, by name, in the order in which they lie in one array
   */
  static List<String> body(Trace trace, Map<String, long[]> shapes) {
    ScriptText text = new ScriptText();
    text.unpack(trace, shapes);
    trace.operations().forEach(text::add);
    List<String> outputs = trace.outputs().stream().map(ScriptText::name).toList();
    text.lines.add(
        "return "
            + (outputs.size() == 1 ? outputs.get(0) : "(" + String.join(", ", outputs) + ")"));
    return text.lines;
  }

  /** One split, so that the gradient of all weights is one concatenation. */
  private void unpack(Trace trace, Map<String, long[]> shapes) {
    lines.add(
        "parts = torch.split_with_sizes(%s, %s)"
            .formatted(
                WEIGHTS,
                list(shapes.values().stream().mapToLong(shape -> product(shape)).toArray())));
    int i = 0;
    for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
      Symbol symbol = trace.parameters().get(entry.getKey());
      if (symbol != null) {
        lines.add(
            "%s = torch.view(parts[%d], %s)".formatted(name(symbol), i, list(entry.getValue())));
      }
      i++;
    }
  }

  private static long product(long[] shape) {
    return LongStream.of(shape).reduce(1, Math::multiplyExact);
  }

  private void add(Operation operation) {
    switch (operation.operator()) {
      case TENSOR -> call(operation, List.of(arguments(operation).get(0), "dtype=6"));
      case SPLIT -> {
        String all = name(operation.results().get(0)) + "_all";
        call(all, operation, arguments(operation));
        for (int i = 0; i < operation.results().size(); i++) {
          lines.add("%s = %s[%d]".formatted(name(operation.results().get(i)), all, i));
        }
      }
      case CAT -> {
        List<String> given = arguments(operation);
        call(operation, List.of("[%s, %s]".formatted(given.get(0), given.get(1)), given.get(2)));
      }
      case UPSAMPLE -> {
        List<String> given = new ArrayList<>(arguments(operation));
        given.add("None");
        given.add("[2.0, 2.0]");
        call(operation, given);
      }
      case ATTENTION -> {
        List<String> given = arguments(operation);
        List<String> all = new ArrayList<>(given.subList(0, 3));
        all.addAll(List.of("None", "0.0", "False", "scale=" + given.get(3)));
        call(operation, all);
      }
      default -> call(operation, arguments(operation));
    }
  }

  private List<String> arguments(Operation operation) {
    return operation.arguments().stream().map(this::argument).toList();
  }

  private void call(Operation operation, List<String> arguments) {
    call(name(operation.result()), operation, arguments);
  }

  private void call(String result, Operation operation, List<String> arguments) {
    lines.add(
        "%s = torch.%s(%s)"
            .formatted(result, operation.operator().torchName(), String.join(", ", arguments)));
  }

  private String argument(@Nullable Object argument) {
    if (argument == null) {
      return "None";
    }
    if (argument instanceof Symbol symbol) {
      return name(symbol);
    }
    if (argument instanceof long[] numbers) {
      return list(numbers);
    }
    if (argument instanceof float[] numbers) {
      return IntStream.range(0, numbers.length)
          .mapToObj(i -> Script.number(numbers[i]))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (argument instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    return Script.number((Number) argument);
  }

  private static String list(long[] numbers) {
    return LongStream.of(numbers)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String name(Symbol symbol) {
    return name(symbol.id());
  }

  private static String name(int id) {
    return "x" + id;
  }
}
