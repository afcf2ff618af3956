package dev.ancestral.trainer.network;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.ancestral.natives.Silence;

/** The one place that starts PyTorch and says how it runs. */
public final class Torch {
  private static final String THREADS = "ai.djl.pytorch.num_threads";
  private static final String INTEROP_THREADS = "ai.djl.pytorch.num_interop_threads";

  /** The name DJL knows the engine by. */
  public static final String ENGINE = "PyTorch";

  private Torch() {}

  /**
   * The engine, on every core unless system properties say otherwise. Operations follow one
   * another.
   */
  public static Engine start() {
    setUnlessGiven(THREADS, Integer.toString(Runtime.getRuntime().availableProcessors()));
    setUnlessGiven(INTEROP_THREADS, "1");
    Silence.ofDjl();
    return Engine.getEngine(ENGINE);
  }

  /**
   * Computes on so many threads from now on.
   *
   * @param threads of one operation, at least 1
   */
  public static void use(int threads) {
    start();
    JniUtils.setNumThreads(threads);
  }

  /** A manager on the CPU, which the caller closes. */
  public static NDManager newManager() {
    return start().newBaseManager(Device.cpu());
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
