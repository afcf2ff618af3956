package dev.ancestral.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * SIGTERM and Ctrl-C as a call, so that the process can end in its own time and with its own exit
 * code.
 *
 * <p>A shutdown hook would not do: by then the exit code is the signal's, and halting from the hook
 * to change it leaves ONNX Runtime's unpacked libraries behind. The JDK's class for signals is
 * supported but not in its documented API, hence the reflection.
 */
final class StopSignal {
  private static final List<String> SIGNALS = List.of("TERM", "INT");

  private StopSignal() {}

  /** From now on the first signal runs the action, on a thread of its own; a second one exits. */
  static void handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object byDefault = handler.getField("SIG_DFL").get(null);
      InvocationHandler run =
          (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
              return method.invoke(action, arguments);
            }
            for (String name : SIGNALS) {
              install(signal, handler, name, byDefault);
            }
            action.run();
            return null;
          };
      Object ours =
          Proxy.newProxyInstance(StopSignal.class.getClassLoader(), new Class<?>[] {handler}, run);
      for (String name : SIGNALS) {
        install(signal, handler, name, ours);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java runtime has no signals (jdk.unsupported)", e);
    }
  }

  private static void install(Class<?> signal, Class<?> handler, String name, Object with)
      throws ReflectiveOperationException {
    Object instance = signal.getConstructor(String.class).newInstance(name);
    signal.getMethod("handle", signal, handler).invoke(null, instance, with);
  }
}
