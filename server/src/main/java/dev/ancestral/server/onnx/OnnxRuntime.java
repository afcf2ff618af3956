package dev.ancestral.server.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Opens ONNX files on one device. All sessions of the process share one pool of threads.
 *
 * <p>Thread-safe. There is nothing to close: the environment lives as long as the process.
 */
public final class OnnxRuntime {
  private static final Object ENVIRONMENT_LOCK = new Object();
  private static @Nullable OrtEnvironment shared;

  private static final long LOADING_STACK_BYTES = 64L << 20;

  private final OrtEnvironment environment;
  private final int threads;
  private volatile Device device;

  /**
   * @param device where the networks run
   * @param threads of the pool that all models share; decided by the first runtime of the process
   */
  public OnnxRuntime(Device device, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: %d (expected: at least 1)".formatted(threads));
    }
    this.device = device;
    this.threads = threads;
    this.environment = environment(threads);
  }

  /** Where the networks run. */
  public Device device() {
    return device;
  }

  /** All that a network's speed and bits depend on besides itself, in one line. */
  public String description() {
    return "onnxruntime %s on %s, %d threads, %s"
        .formatted(environment.getVersion(), device.label(), threads, Machine.description());
  }

  /**
   * Opens a file. The caller closes the model, or the denoiser made from it. Where CUDA fails that
   * nobody demanded, this and every later file is opened on the CPU.
   *
   * @throws ModelException when ONNX Runtime does not take the file or the device
   */
  public OnnxModel open(Path file) {
    Device chosen = device;
    try {
      return open(file, chosen);
    } catch (OrtException e) {
      if (!chosen.cuda() || chosen.demanded()) {
        throw new ModelException(
            file.toString(), "on " + chosen.label() + ": " + ModelException.said(e));
      }
      device = Device.cpu(chosen.label() + " failed: " + ModelException.said(e));
      return open(file);
    }
  }

  private OnnxModel open(Path file, Device on) throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      options.disablePerSessionThreads();
      // Batch sizes change from call to call: a pattern remembered for one only costs memory.
      options.setMemoryPatternOptimization(false);
      if (on.cuda()) {
        addCuda(options, on.ordinal());
      }
      OrtSession session = environment.createSession(file.toString(), options);
      return new OnnxModel(environment, session, String.valueOf(file.getFileName()));
    }
  }

  private static void addCuda(SessionOptions options, int ordinal) throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(ordinal)) {
      // The default doubles the arena each time it grows.
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      options.addCUDA(cuda);
    }
  }

  private static OrtEnvironment environment(int threads) {
    synchronized (ENVIRONMENT_LOCK) {
      OrtEnvironment environment = shared;
      if (environment == null) {
        environment = load(threads);
        shared = environment;
      }
      return environment;
    }
  }

  /**
   * Loads the library on a thread with a large stack: the one with CUDA recurses as it is loaded,
   * deeper the longer the process's command line is, and a class path overflowed the usual stack
   * (seen as a crash, not as an error).
   */
  private static OrtEnvironment load(int threads) {
    FutureTask<OrtEnvironment> task = new FutureTask<>(() -> create(threads));
    new Thread(null, task, "onnxruntime-load", LOADING_STACK_BYTES).start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OrtException refusal) {
        throw new IllegalArgumentException(
            "threads: %d: %s".formatted(threads, ModelException.said(refusal)), e);
      }
      throw new IllegalStateException("ONNX Runtime cannot be loaded: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while ONNX Runtime was being loaded", e);
    }
  }

  private static OrtEnvironment create(int threads) throws OrtException {
    try (OrtEnvironment.ThreadingOptions pool = new OrtEnvironment.ThreadingOptions()) {
      pool.setGlobalIntraOpNumThreads(threads);
      pool.setGlobalInterOpNumThreads(1);
      // Threads that spin while they wait take the processor from whoever else wants it, be it this
      // server's own; where somebody did, calls took longer and twice the processor's time.
      pool.setGlobalSpinControl(false);
      return OrtEnvironment.getEnvironment(
          OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "ancestral", pool);
    }
  }
}
