package dev.ancestral.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * What the process does about SIGTERM, SIGINT (Ctrl-C) and SIGHUP.
 *
 * <pre>
 *                 first signal                                second signal
 *  endInOrder()   ends when no native call runs, 128 + n      ends at once
 *  expect()       is told to who expects it, and ends nothing ends at once
 * </pre>
 *
 * At once is as the system ends a process that knows no signals: no shutdown hook and no native
 * library's own goodbye, either of which can crash in the middle of a native call.
 *
 * <p>Java's own way, hooks as soon as the signal comes, would not do: they free what native calls
 * are using, and the exit code is then the signal's. The JDK's class for signals is supported but
 * not in its documented API, hence the reflection. Signals that the process was started to ignore
 * ({@code nohup}) stay ignored. Thread-safe.
 */
public final class StopSignal implements AutoCloseable {
  /** Beyond what a session takes to be made, and within what orchestrators wait for by default. */
  static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);
  private static final int BY_SIGNAL = 128;

  private static final Object LOCK = new Object();
  private static final Signals SIGNALS = new Signals();
  private static Duration patience = PATIENCE;
  private static boolean installed;
  private static @Nullable String raised;
  private static @Nullable StopSignal expecting;

  private final CountDownLatch told = new CountDownLatch(1);
  private final boolean installer;

  private StopSignal(boolean installer) {
    this.installer = installer;
  }

  /** From now on a signal ends the process when no native call runs. For a command's main. */
  public static void endInOrder() {
    endInOrder(PATIENCE);
  }

  static void endInOrder(Duration howLong) {
    synchronized (LOCK) {
      patience = howLong;
      install();
    }
  }

  /** From now on and until closed, the first signal is told here, and ends nothing by itself. */
  public static StopSignal expect() {
    synchronized (LOCK) {
      StopSignal signal = new StopSignal(install());
      expecting = signal;
      return signal;
    }
  }

  /** Whether it came. */
  public boolean isRaised() {
    return told.getCount() == 0;
  }

  /** Waits until it comes. */
  public void await() throws InterruptedException {
    told.await();
  }

  /** What shells say of a process that such a signal ended: 128 and its number; 0 if none came. */
  public int exitCode() {
    synchronized (LOCK) {
      return raised == null ? Cli.DONE : code(raised);
    }
  }

  /**
   * Ends the process with this code, when no native call runs. If one does not come back, there are
   * no hooks; where a signal came, the process then ends by it. For a command's main.
   */
  public static void exit(int code) {
    String name;
    Duration howLong;
    synchronized (LOCK) {
      name = raised;
      howLong = patience;
    }
    if (NativeCalls.shut(howLong)) {
      System.exit(code);
    }
    if (name != null) {
      SIGNALS.die(name);
    }
    Runtime.getRuntime().halt(code);
  }

  /** Signals end the process again. */
  @Override
  public void close() {
    synchronized (LOCK) {
      expecting = null;
      if (installer) {
        SIGNALS.restore();
        installed = false;
      }
    }
  }

  private static int code(String name) {
    return BY_SIGNAL + NUMBERS.getOrDefault(name, 0);
  }

  /** Returns whether that was not done before. */
  private static boolean install() {
    if (installed) {
      return false;
    }
    installed = true;
    SIGNALS.handle(StopSignal::come);
    return true;
  }

  /** On a thread that Java makes for each signal. */
  private static void come(String name) {
    boolean second;
    StopSignal expected;
    synchronized (LOCK) {
      second = raised != null;
      raised = name;
      expected = expecting;
    }
    if (second) {
      SIGNALS.die(name);
    } else if (expected == null) {
      exit(code(name));
    } else {
      expected.told.countDown();
    }
  }

  /** {@code sun.misc.Signal}. */
  private static final class Signals {
    /** Who handled each of ours before. */
    private final Map<String, Object> before = new LinkedHashMap<>();

    private interface Receiver {
      void come(String name);
    }

    void handle(Receiver receiver) {
      try {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        InvocationHandler run =
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) {
                return method.invoke(receiver, arguments);
              }
              receiver.come((String) signal.getMethod("getName").invoke(arguments[0]));
              return null;
            };
        Object ours =
            Proxy.newProxyInstance(
                StopSignal.class.getClassLoader(), new Class<?>[] {handler}, run);
        for (String name : NUMBERS.keySet()) {
          try {
            before.put(name, set(name, ours));
          } catch (InvocationTargetException e) {
            // Windows has not all of them; with -Xrs the system ends the process by itself.
          }
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("this Java runtime has no signals (jdk.unsupported)", e);
      }
    }

    void restore() {
      before.forEach(
          (name, handler) -> {
            try {
              set(name, handler);
            } catch (ReflectiveOperationException e) {
              throw new IllegalStateException(e);
            }
          });
      before.clear();
    }

    /** Ends the process as the signal does where nobody handles it. Does not return. */
    void die(String name) {
      try {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        set(name, handler.getField("SIG_DFL").get(null));
        signal.getMethod("raise", signal).invoke(null, signal(name));
      } catch (ReflectiveOperationException e) {
        Runtime.getRuntime().halt(code(name));
      }
    }

    private static Object set(String name, Object handler) throws ReflectiveOperationException {
      return Class.forName("sun.misc.Signal")
          .getMethod(
              "handle", Class.forName("sun.misc.Signal"), Class.forName("sun.misc.SignalHandler"))
          .invoke(null, signal(name), handler);
    }

    private static Object signal(String name) throws ReflectiveOperationException {
      return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
    }
  }
}
