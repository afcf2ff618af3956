package dev.ancestral.natives;

/**
 * Nothing leaves the machine: keeps native runtimes from reporting to their makers, also in a
 * program that the launcher did not start. Called at each seam before the first class of the
 * runtime is touched; calling it again costs nothing.
 */
public final class Silence {
  private static final String ONNX_RUNTIME = "ORT_DISABLE_TELEMETRY";
  private static final String ON = "1";

  private Silence() {}

  /**
   * Of ONNX Runtime, which reads the environment of the process as it is loaded, and nothing else:
   * its own call to end telemetry comes after the first look-up of a host.
   *
   * @throws IllegalStateException if the variable is not set and cannot be
   */
  public static synchronized void ofOnnxRuntime() {
    if (ON.equals(System.getenv(ONNX_RUNTIME))) {
      return;
    }
    try {
      ProcessEnvironment.set(ONNX_RUNTIME, ON);
    } catch (IllegalStateException | LinkageError e) {
      throw new IllegalStateException(
          "%s: not set, and cannot be from here: %s (expected: %s=%s in the environment)"
              .formatted(ONNX_RUNTIME, e.getMessage(), ONNX_RUNTIME, ON),
          e);
    }
  }

  /** Of DJL, which looks for native libraries on the network and reports that it is used. */
  public static void ofDjl() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }
}
