package dev.ancestral.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The manager that traced arrays hand out: what it creates is a constant of the graph. It neither
 * closes nor moves anything; the trace owns its arrays until it ends.
 */
final class TracedManager implements InvocationHandler {
  private static final Set<String> MAKES_CONSTANTS =
      Set.of("create", "zeros", "ones", "full", "arange", "eye", "linspace", "hanningWindow");

  private static final Set<String> DESCRIBES =
      Set.of("getDevice", "defaultDevice", "getEngine", "getName", "isOpen", "allocateDirect");

  private static final Set<String> LIFE_CYCLE =
      Set.of(
          "close",
          "cap",
          "setName",
          "attachInternal",
          "attachUncappedInternal",
          "tempAttachInternal",
          "detachInternal",
          "attachAll",
          "tempAttachAll");

  private final TraceSession session;
  private final NDManager real;
  private final NDManager proxy;

  TracedManager(TraceSession session, NDManager real) {
    this.session = session;
    this.real = real;
    this.proxy =
        (NDManager)
            Proxy.newProxyInstance(
                TracedManager.class.getClassLoader(), new Class<?>[] {NDManager.class}, this);
  }

  NDManager proxy() {
    return proxy;
  }

  @Override
  public @Nullable Object invoke(Object ignored, Method method, Object @Nullable [] given)
      throws Throwable {
    Object[] args = given == null ? new Object[0] : given;
    String name = method.getName();
    return switch (name) {
      case "equals" -> args[0] == proxy;
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "traced manager";
      case "newSubManager", "getParentManager" -> proxy;
      case "getManagedArrays" -> List.of();
      case "ret" -> args[0];
      case "from" -> from((NDArray) args[0]);
      default -> {
        if (DESCRIBES.contains(name)) {
          yield TraceSession.call(real, method, args);
        }
        if (LIFE_CYCLE.contains(name)) {
          yield null;
        }
        if (MAKES_CONSTANTS.contains(name) && isFilled(method)) {
          Object made = Objects.requireNonNull(TraceSession.call(real, method, args));
          yield session.constant((NDArray) made, "NDManager." + name).proxy();
        }
        throw session.refuse(
            "NDManager." + Methods.operation(method) + " inside a network",
            "its numbers would be another each time, or not be set at all; give it as an input or"
                + " a parameter");
      }
    };
  }

  private @Nullable NDArray from(@Nullable NDArray array) {
    return array == null || TracedArray.of(array) != null
        ? array
        : session.constant(array, "NDManager.from").proxy();
  }

  /** {@code create} of a shape alone leaves the numbers to chance. */
  private static boolean isFilled(Method method) {
    return !method.getName().equals("create") || method.getParameterTypes()[0] != Shape.class;
  }
}
