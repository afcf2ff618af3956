package dev.ancestral.server.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A listener that keeps everything, and whose appetite the test decides. */
public final class RecordingListener implements SampleListener {
  /** A frame as it came. */
  @SuppressWarnings("ArrayRecordComponent")
  record Frame(
      int sample,
      int step,
      double timestep,
      float @Nullable [] state,
      float @Nullable [] estimate) {}

  public final Map<Integer, float[]> samples = Collections.synchronizedMap(new TreeMap<>());
  final List<Frame> frames = Collections.synchronizedList(new ArrayList<>());
  final CompletableFuture<Void> begun = new CompletableFuture<>();
  private final CompletableFuture<RunStatistics> done = new CompletableFuture<>();
  volatile boolean mayStep = true;
  volatile int undelivered;
  volatile long stepsDone;

  @Override
  public void onBegin() {
    begun.complete(null);
  }

  @Override
  public void onProgress(long done, long total) {
    stepsDone = done;
  }

  @Override
  public void onFrame(
      int sample,
      int step,
      double timestep,
      float @Nullable [] state,
      float @Nullable [] estimate) {
    frames.add(new Frame(sample, step, timestep, state, estimate));
  }

  @Override
  public void onSample(int sample, float[] data) {
    samples.put(sample, data);
  }

  @Override
  public void onDone(RunStatistics statistics) {
    done.complete(statistics);
  }

  @Override
  public void onFailure(EngineException failure) {
    done.completeExceptionally(failure);
  }

  @Override
  public boolean mayStep() {
    return mayStep;
  }

  @Override
  public int undelivered() {
    return undelivered;
  }

  boolean isOver() {
    return done.isDone();
  }

  /** What the engine said when it was done. */
  public RunStatistics await() throws InterruptedException, TimeoutException {
    try {
      return done.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("the request failed", e.getCause());
    }
  }

  Throwable awaitFailure() throws InterruptedException, TimeoutException {
    try {
      throw new AssertionError("the request succeeded: " + done.get(10, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }
}
