package dev.ancestral.server.engine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener whose reader takes nothing until {@link #release}. */
final class SampleListenerThatHoards extends ForwardingListener {
  private final AtomicInteger held = new AtomicInteger();
  private final CountDownLatch samples;
  private volatile boolean released;

  SampleListenerThatHoards(SampleListener next, CountDownLatch samples) {
    super(next);
    this.samples = samples;
  }

  void release() {
    released = true;
  }

  @Override
  public void onSample(int sample, float[] data) {
    super.onSample(sample, data);
    held.incrementAndGet();
    samples.countDown();
  }

  @Override
  public int undelivered() {
    return released ? 0 : held.get();
  }
}
