package dev.ancestral.natives;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/** The environment as native code of this process sees it; Java itself has a copy of its own. */
final class ProcessEnvironment {
  private ProcessEnvironment() {}

  /**
   * Sets a variable. No other thread's native code may be reading the environment meanwhile.
   *
   * @throws IllegalStateException if the system refuses
   * @throws LinkageError if the system cannot be called
   */
  static void set(String name, String value) {
    boolean done =
        Platform.isWindows()
            ? NativeLibrary.getInstance("kernel32")
                    .getFunction("SetEnvironmentVariableA")
                    .invokeInt(new Object[] {name, value})
                != 0
            : NativeLibrary.getProcess()
                    .getFunction("setenv")
                    .invokeInt(new Object[] {name, value, 1})
                == 0;
    if (!done) {
      throw new IllegalStateException("the system refuses");
    }
  }
}
