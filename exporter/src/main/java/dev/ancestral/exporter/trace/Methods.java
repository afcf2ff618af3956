package dev.ancestral.exporter.trace;

import ai.djl.ndarray.NDArray;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What kind of thing a method of {@code NDArray} does, where its name says more than its type. */
final class Methods {
  /** What to do with a call. */
  enum Kind {
    /** Asks what the array is; the real one answers. */
    DESCRIBES,
    /** Attaches, names or closes; the trace keeps its arrays until it ends. */
    LIFE_CYCLE,
    /** Makes an array of the same numbers. */
    COPIES,
    /** Answers a number, which a graph cannot hold. */
    READS_ON_HOST,
    /** Changes the array, which a graph cannot. */
    WRITES_FROM_HOST,
    /** Everything else. */
    COMPUTES
  }

  private static final Set<String> DESCRIBES =
      Set.of(
          "getName",
          "getUid",
          "getDataType",
          "getDevice",
          "getShape",
          "getSparseFormat",
          "isSparse",
          "isScalar",
          "isEmpty",
          "isReleased",
          "hasGradient",
          "size");

  private static final Set<String> LIFE_CYCLE =
      Set.of(
          "close",
          "attach",
          "detach",
          "tempAttach",
          "returnResource",
          "setName",
          "setRequiresGradient");

  private static final Set<String> COPIES = Set.of("duplicate", "stopGradient", "toDense");

  private static final Set<String> READS =
      Set.of(
          "encode",
          "contentEquals",
          "allClose",
          "copyTo",
          "getLong",
          "getDouble",
          "getFloat",
          "getInt",
          "getByte",
          "getUint8",
          "getBoolean");

  private static final Set<String> WRITES = Set.of("set", "setScalar", "intern");

  /** Methods whose result may share memory with the array they are called on. */
  private static final Set<String> VIEWS =
      Set.of(
          "reshape",
          "expandDims",
          "squeeze",
          "transpose",
          "swapAxes",
          "flatten",
          "get",
          "split",
          "broadcast",
          "diagonal",
          "toType",
          "toDevice",
          "stopGradient");

  private static final Map<String, String> IN_PLACE =
      Map.of(
          "addi", "add",
          "subi", "sub",
          "muli", "mul",
          "divi", "div",
          "modi", "mod",
          "powi", "pow",
          "negi", "neg",
          "signi", "sign");

  private Methods() {}

  static Kind kind(Method method) {
    String name = method.getName();
    if (DESCRIBES.contains(name)) {
      return Kind.DESCRIBES;
    }
    if (LIFE_CYCLE.contains(name)) {
      return Kind.LIFE_CYCLE;
    }
    if (COPIES.contains(name)) {
      return Kind.COPIES;
    }
    if (READS.contains(name) || (name.startsWith("to") && isHostType(method.getReturnType()))) {
      return Kind.READS_ON_HOST;
    }
    return WRITES.contains(name) ? Kind.WRITES_FROM_HOST : Kind.COMPUTES;
  }

  private static boolean isHostType(Class<?> type) {
    return type.isArray() || java.nio.Buffer.class.isAssignableFrom(type);
  }

  /** The operation's name in the table of operators: the method with its parameter types. */
  static String operation(Method method) {
    return operation(method.getName(), method.getParameterTypes());
  }

  static String operation(String name, Class<?>... parameters) {
    return Arrays.stream(parameters)
        .map(Class::getSimpleName)
        .collect(Collectors.joining(",", name + "(", ")"));
  }

  static boolean makesView(Method method) {
    return VIEWS.contains(method.getName());
  }

  static boolean isInPlace(Method method) {
    return IN_PLACE.containsKey(method.getName())
        && method.getReturnType() == NDArray.class
        && method.getDeclaringClass() == NDArray.class;
  }

  /** The method that computes what this one computes, but into a new array. */
  static Method outOfPlace(Method method) throws NoSuchMethodException {
    String name = IN_PLACE.get(method.getName());
    return NDArray.class.getMethod(name, method.getParameterTypes());
  }
}
