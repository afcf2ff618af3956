package dev.ancestral.server.engine;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request. All methods are called on the engine's thread and must return at once:
 * slow work belongs elsewhere. One of {@link #onDone} and {@link #onFailure} is the last call; a
 * cancelled request gets neither.
 */
public interface SampleListener {
  /** The first step of the first sample is about to run. */
  void onBegin();

  /** Some samples moved by one step. */
  void onProgress(long stepsDone, long stepsTotal);

  /**
   * An intermediate state. The arrays are the listener's to keep.
   *
   * @param sample its index, the request's first at least
   * @param step steps behind the state: 0 is x_T
   * @param timestep of the step that made it; for step 0, of the step that comes
   * @param state x_t, if asked for
   * @param estimate the estimate of x_0, if asked for
   */
  void onFrame(
      int sample, int step, double timestep, float @Nullable [] state, float @Nullable [] estimate);

  /** A finished sample, by its index. The array is the listener's to keep. */
  void onSample(int sample, float[] data);

  /** Every sample was handed over. */
  void onDone(RunStatistics statistics);

  /** The request cannot be finished. */
  void onFailure(EngineException failure);

  /**
   * Whether the request's samples may take another step. A listener that said no calls {@link
   * Ticket#wake()} when it can take more.
   */
  boolean mayStep();

  /**
   * Finished samples that wait to be sent. The engine starts no further samples while too many do;
   * call {@link Ticket#wake()} when the number falls.
   */
  int undelivered();
}
