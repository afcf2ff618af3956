package dev.ancestral.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One run of a network with traced arrays: hands them out, runs the real operations and writes the
 * recording. Used by one thread; the real manager given owns every array.
 */
final class TraceSession {
  private final NDManager real;
  private final Predicate<String> mapped;
  private final ParameterNames parameters;
  private final TracedManager manager;
  private final Frames frames = new Frames();
  private final List<RecordedCall> calls = new ArrayList<>();
  private final Map<String, TracedArray> fetched = new HashMap<>();
  private int values;

  TraceSession(NDManager real, ParameterNames parameters, Predicate<String> mapped) {
    this.real = real;
    this.parameters = parameters;
    this.mapped = mapped;
    this.manager = new TracedManager(this, real);
  }

  NDManager manager() {
    return manager.proxy();
  }

  Recording recording(long batch, NDList outputs) {
    return new Recording(
        batch, calls, outputs.stream().map(output -> traced(output).value()).toList());
  }

  TracedArray input(String name, NDArray array) {
    return source(Call.INPUT, array, false, name);
  }

  /** An array whose numbers become part of the graph. */
  TracedArray constant(NDArray array, String origin) {
    NDScope.unregister(array);
    return source(Call.CONSTANT, array, true, DjlTensors.tensor(array), origin);
  }

  /** A parameter, the same traced array each time. */
  TracedArray parameter(NDArray array) {
    String name =
        parameters
            .nameOf(array)
            .orElseThrow(
                () ->
                    refuse(
                        "a parameter that none of the network's blocks lists",
                        "add it with addParameter"));
    frames.fetched(name);
    return fetched.computeIfAbsent(
        name,
        ignored -> source(Call.PARAMETER, array, false, name, parameters.tensor(name, array)));
  }

  private TracedArray source(String operation, NDArray array, boolean constant, Object... args) {
    RecordedValue value = newValue(array);
    calls.add(new RecordedCall(operation, Arrays.asList(args), List.of(value), frames.now()));
    return new TracedArray(this, array, value, constant, new TracedArray.Storage());
  }

  /** Runs and records a method of an array, or runs the body of a default method. */
  @Nullable Object compute(
      TracedArray self, Object target, Object proxy, Method method, Object[] args)
      throws Throwable {
    TracedArray.Storage storage =
        Methods.makesView(method) ? self.storage() : new TracedArray.Storage();
    if (args.length == 2 && args[1] instanceof NDIndex index) {
      return index(self, method, index, storage).proxy();
    }
    if (mapped.test(Methods.operation(method))) {
      Object result = call(target, method, RealArguments.of(method, args, real));
      return result == target ? proxy : record(self, method, args, result, storage);
    }
    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, args);
    }
    throw unmapped(Methods.operation(method));
  }

  /** Runs and records a method that makes one array. */
  TracedArray run(
      TracedArray self, Object target, Method method, Object[] args, TracedArray.Storage storage)
      throws Throwable {
    if (!mapped.test(Methods.operation(method))) {
      throw unmapped(Methods.operation(method));
    }
    Object result = call(target, method, RealArguments.of(method, args, real));
    return traced((NDArray) record(self, method, args, result, storage));
  }

  private Object record(
      TracedArray self,
      Method method,
      Object[] args,
      @Nullable Object result,
      TracedArray.Storage storage) {
    RecordedArguments recorded = new RecordedArguments(this, self);
    for (Object arg : args) {
      recorded.add(arg);
    }
    String operation = Methods.operation(method);
    if (result instanceof NDArray array) {
      return made(operation, recorded, storage, array).get(0);
    }
    if (result instanceof NDList list) {
      return made(operation, recorded, storage, list.toArray(new NDArray[0]));
    }
    throw new IllegalStateException(operation + " answers " + result);
  }

  private TracedArray index(
      TracedArray self, Method method, NDIndex index, TracedArray.Storage storage) {
    NDArray source = self.real();
    Indexing plain =
        Indexing.of(index, source.getShape().dimension())
            .orElseThrow(() -> unmapped(Methods.operation(method) + " with this kind of index"));
    RecordedArguments args = new RecordedArguments(this, self);
    NDArray picked = plain.indices();
    if (picked == null) {
      args.add(plain.starts()).add(plain.stops()).add(plain.steps());
      args.add(plain.dropped()).add(plain.added());
      return traced(made(Call.SLICE, args, storage, source.get(real, index)).get(0));
    }
    NDIndex realIndex = new NDIndex();
    for (int axis = 0; axis < plain.starts().size(); axis++) {
      if (plain.taken() != null && axis == plain.taken()) {
        realIndex.addIndices("{}", RealArguments.array(picked));
      } else {
        realIndex.addAllDim();
      }
    }
    args.add(plain.taken()).add(picked);
    NDArray result = source.get(real, realIndex);
    return traced(made(Call.TAKE, args, new TracedArray.Storage(), result).get(0));
  }

  /** Records what was made; what was made of constants alone is itself a constant. */
  private NDList made(
      String operation, RecordedArguments args, TracedArray.Storage storage, NDArray... arrays) {
    NDList made = new NDList();
    if (args.areConstant()) {
      for (NDArray array : arrays) {
        made.add(constant(array, operation).proxy());
      }
      return made;
    }
    List<RecordedValue> recorded = new ArrayList<>();
    for (NDArray array : arrays) {
      NDScope.unregister(array);
      RecordedValue value = newValue(array);
      recorded.add(value);
      made.add(new TracedArray(this, array, value, false, storage).proxy());
    }
    calls.add(new RecordedCall(operation, args.list(), recorded, frames.now()));
    return made;
  }

  private RecordedValue newValue(NDArray array) {
    return new RecordedValue(
        values++, DjlTensors.of(array.getDataType()), DjlTensors.shapeOf(array));
  }

  /** The traced array of what a network handed to an operation. */
  TracedArray traced(NDArray array) {
    TracedArray traced = TracedArray.of(array);
    if (traced != null) {
      return traced;
    }
    return parameters.nameOf(array).isPresent() ? parameter(array) : constant(array, "a constant");
  }

  /** Calls a real object's method, so that its own exceptions come through. */
  static @Nullable Object call(Object target, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private TraceException unmapped(String operation) {
    return refuse(
        operation + " has no ONNX mapping",
        "map it in dev.ancestral.exporter.operators.OperatorMap");
  }

  TraceException refuseRead(Method method) {
    return UntracedOperand.operation(Thread.currentThread().getStackTrace())
        .map(operation -> UntracedOperand.error(operation, frames.now().site().toString()))
        .orElseGet(
            () ->
                refuse(
                    Methods.operation(method) + " reads numbers that depend on the inputs",
                    "compute with array operations"));
  }

  TraceException refuse(String what, String expected) {
    return new TraceException(
        "%s; called in %s (expected: %s)".formatted(what, frames.now().site(), expected));
  }
}
