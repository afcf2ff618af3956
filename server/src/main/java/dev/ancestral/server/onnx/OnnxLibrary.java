package dev.ancestral.server.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.ancestral.cli.NativeCalls;
import dev.ancestral.natives.Silence;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Loads ONNX Runtime's native library. */
public final class OnnxLibrary {
  private static final long STACK_BYTES = 64L << 20;

  private OnnxLibrary() {}

  /**
   * Makes the process's first environment, on a thread with a large stack: the library with CUDA
   * recurses as it is loaded, deeper the longer the process's command line is, and a class path
   * overflowed the usual stack (seen as a crash, not as an error).
   *
   * @throws OrtException what the making throws
   * @throws IllegalArgumentException if {@code onnxruntime.native.path} names a directory without
   *     its libraries
   * @throws IllegalStateException if it cannot be loaded, or not without reporting that it is used
   */
  public static OrtEnvironment load(Callable<OrtEnvironment> making) throws OrtException {
    OnnxNatives.ofThisProcess().check();
    Silence.ofOnnxRuntime();
    FutureTask<OrtEnvironment> task = new FutureTask<>(making);
    NativeCalls.begin();
    new Thread(null, task, "onnxruntime-load", STACK_BYTES).start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OrtException refusal) {
        throw refusal;
      }
      throw new IllegalStateException("ONNX Runtime cannot be loaded: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while ONNX Runtime was being loaded", e);
    } finally {
      NativeCalls.end();
    }
  }
}
