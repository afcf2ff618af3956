package dev.ancestral.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.internal.NDArrayEx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array that records what is done to it. It holds a real one, so shapes and types are right.
 *
 * <p>A method is answered by the first of these that fits: it only describes the array; it is an
 * operation with a mapping, which is run and recorded; it is a default method, whose body then runs
 * on the traced array; else it is refused. In-place operations make a new value that this object
 * stands for from then on; whoever still holds a view of the old memory is told when they use it.
 */
final class TracedArray implements InvocationHandler {
  /** Memory that several arrays may look into; counts how often it was changed in place. */
  static final class Storage {
    private int version;
  }

  private static final Object[] NO_ARGUMENTS = {};

  private final TraceSession session;
  private final Storage storage;
  private final boolean constant;
  private final NDArray proxy;
  private final NDArrayEx extended;
  private NDArray real;
  private RecordedValue value;
  private int version;

  TracedArray(
      TraceSession session, NDArray real, RecordedValue value, boolean constant, Storage storage) {
    this.session = session;
    this.real = real;
    this.value = value;
    this.constant = constant;
    this.storage = storage;
    this.version = storage.version;
    ClassLoader loader = TracedArray.class.getClassLoader();
    this.proxy = (NDArray) Proxy.newProxyInstance(loader, new Class<?>[] {NDArray.class}, this);
    this.extended =
        (NDArrayEx)
            Proxy.newProxyInstance(loader, new Class<?>[] {NDArrayEx.class}, this::invokeExtended);
  }

  /** The traced array behind a proxy; null for a real array. */
  static @Nullable TracedArray of(Object array) {
    return Proxy.isProxyClass(array.getClass())
            && Proxy.getInvocationHandler(array) instanceof TracedArray traced
        ? traced
        : null;
  }

  NDArray proxy() {
    return proxy;
  }

  Storage storage() {
    return storage;
  }

  /** Whether it is the same for every input. */
  boolean isConstant() {
    return constant;
  }

  /** The array to compute with. */
  NDArray real() {
    checkFresh();
    return real;
  }

  /** What the recording knows it as. */
  RecordedValue value() {
    checkFresh();
    return value;
  }

  private void checkFresh() {
    if (version != storage.version) {
      throw session.refuse(
          "an array was used after memory it shares was changed in place",
          "use the operation that makes a new array");
    }
  }

  @Override
  public @Nullable Object invoke(Object ignored, Method method, Object @Nullable [] given)
      throws Throwable {
    Object[] args = given == null ? NO_ARGUMENTS : given;
    return switch (method.getName()) {
      case "equals" -> args[0] == proxy;
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString", "toDebugString" -> "traced %s %s".formatted(value.type(), value.shape());
      case "getManager" -> session.manager();
      case "getNDArrayInternal" -> extended;
      case "getResourceNDArrays" -> List.of(proxy);
      case "shapeEquals" -> real.getShape().equals(((NDArray) args[0]).getShape());
      case "toDevice" -> proxy;
      default -> invokeByKind(method, args);
    };
  }

  private @Nullable Object invokeByKind(Method method, Object[] args) throws Throwable {
    return switch (Methods.kind(method)) {
      case DESCRIBES -> TraceSession.call(real, method, args);
      case LIFE_CYCLE -> null;
      case COPIES ->
          new TracedArray(
                  session,
                  real(),
                  value(),
                  constant,
                  Methods.makesView(method) ? storage : new Storage())
              .proxy();
      case READS_ON_HOST -> readOnHost(method, args);
      case WRITES_FROM_HOST ->
          throw session.refuse(
              Methods.operation(method) + " changes an array's numbers in place",
              "use where, concat or arithmetic");
      case COMPUTES -> compute(method, args);
    };
  }

  private @Nullable Object compute(Method method, Object[] args) throws Throwable {
    if (Methods.isInPlace(method)) {
      TracedArray result =
          session.run(this, real(), Methods.outOfPlace(method), args, new Storage());
      real = result.real;
      value = result.value;
      storage.version++;
      version = storage.version;
      return proxy;
    }
    return session.compute(this, real, proxy, method, args);
  }

  /** What does not depend on the inputs may be read: it is a constant anyway. */
  private @Nullable Object readOnHost(Method method, Object[] args) throws Throwable {
    if (constant) {
      return TraceSession.call(real(), method, args);
    }
    throw session.refuseRead(method);
  }

  private @Nullable Object invokeExtended(Object ignored, Method method, Object @Nullable [] given)
      throws Throwable {
    Object[] args = given == null ? NO_ARGUMENTS : given;
    return switch (method.getName()) {
      case "equals" -> args[0] == extended;
      case "hashCode" -> System.identityHashCode(extended);
      case "toString" -> "traced operations of " + proxy;
      case "getArray" -> proxy;
      default -> session.compute(this, real().getNDArrayInternal(), extended, method, args);
    };
  }
}
