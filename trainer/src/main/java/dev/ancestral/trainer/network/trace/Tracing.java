package dev.ancestral.trainer.network.trace;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run on shapes, written down as it goes. */
final class Tracing {
  private final NDManager manager = manager();
  private final List<Operation> operations = new ArrayList<>();
  private final Map<String, NDArray> parameters = new LinkedHashMap<>();
  private int symbols;

  Trace run(Trace.Traced traced, List<Shape> shapes) {
    NDList inputs = new NDList();
    shapes.forEach(shape -> inputs.add(array(symbol(shape))));
    List<Symbol> given = symbolsOf(inputs);
    List<Symbol> outputs = symbolsOf(traced.run(new Parameters(), inputs));
    Map<String, Symbol> fetched =
        parameters.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    entry -> SymbolicArray.symbol(entry.getValue()),
                    (a, b) -> a,
                    LinkedHashMap::new));
    return new Trace(given, fetched, List.copyOf(operations), outputs);
  }

  private static List<Symbol> symbolsOf(NDList arrays) {
    return arrays.stream().map(SymbolicArray::symbol).toList();
  }

  NDManager manager() {
    return (NDManager)
        Proxy.newProxyInstance(
            Tracing.class.getClassLoader(),
            new Class<?>[] {NDManager.class},
            (proxy, method, args) -> ofManager(proxy, method, args));
  }

  NDManager owner() {
    return manager;
  }

  private Symbol symbol(Shape shape) {
    return new Symbol(symbols++, shape);
  }

  private NDArray array(Symbol symbol) {
    return new SymbolicArray(this, symbol).proxy();
  }

  /** Notes an operation with one result. */
  NDArray done(Operator operator, Shape shape, @Nullable Object... arguments) {
    Symbol result = symbol(shape);
    operations.add(new Operation(operator, Arrays.asList(arguments), List.of(result)));
    return array(result);
  }

  /** Notes an operation with several results. */
  NDList done(Operator operator, List<Shape> shapes, @Nullable Object... arguments) {
    List<Symbol> results = shapes.stream().map(this::symbol).toList();
    operations.add(new Operation(operator, Arrays.asList(arguments), results));
    NDList arrays = new NDList();
    results.forEach(result -> arrays.add(array(result)));
    return arrays;
  }

  /** Hands out the shapes of parameters. */
  private final class Parameters extends ParameterStore {
    Parameters() {
      super(manager, false);
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      return parameters.computeIfAbsent(
          parameter.getName(), ignored -> array(symbol(parameter.getShape())));
    }
  }

  private @Nullable Object ofManager(Object proxy, Method method, Object @Nullable [] given) {
    Object[] args = given == null ? new Object[0] : given;
    return switch (method.getName()) {
      case "ones" -> filled(Operator.ONES, (Shape) args[0]);
      case "zeros" -> filled(Operator.ZEROS, (Shape) args[0]);
      case "create" -> created(args[0]);
      case "getDevice" -> Device.cpu();
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> args[0] == proxy;
      case "toString" -> "a manager of shapes";
      default -> throw SymbolicArray.unknown("NDManager." + method.getName());
    };
  }

  private NDArray filled(Operator operator, Shape shape) {
    return done(operator, shape, (Object) shape.getShape());
  }

  private NDArray created(Object numbers) {
    if (numbers instanceof float[] several) {
      return done(Operator.TENSOR, new Shape(several.length), (Object) several.clone());
    }
    if (numbers instanceof Number one) {
      return done(Operator.TENSOR, new Shape(), one);
    }
    throw SymbolicArray.unknown("NDManager.create of " + numbers.getClass().getSimpleName());
  }
}
