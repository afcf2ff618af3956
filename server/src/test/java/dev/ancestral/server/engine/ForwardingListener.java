package dev.ancestral.server.engine;

import org.jspecify.annotations.Nullable;

/** A listener that passes everything on; tests override one method. */
abstract class ForwardingListener implements SampleListener {
  private final SampleListener next;

  ForwardingListener(SampleListener next) {
    this.next = next;
  }

  @Override
  public void onBegin() {
    next.onBegin();
  }

  @Override
  public void onProgress(long stepsDone, long stepsTotal) {
    next.onProgress(stepsDone, stepsTotal);
  }

  @Override
  public void onFrame(
      int sample,
      int step,
      double timestep,
      float @Nullable [] state,
      float @Nullable [] estimate) {
    next.onFrame(sample, step, timestep, state, estimate);
  }

  @Override
  public void onSample(int sample, float[] data) {
    next.onSample(sample, data);
  }

  @Override
  public void onDone(RunStatistics statistics) {
    next.onDone(statistics);
  }

  @Override
  public void onFailure(EngineException failure) {
    next.onFailure(failure);
  }

  @Override
  public boolean mayStep() {
    return next.mayStep();
  }

  @Override
  public int undelivered() {
    return next.undelivered();
  }
}
