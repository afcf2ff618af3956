package dev.ancestral.server.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when a test says so. */
public final class FakeTicker implements Ticker {
  private final AtomicLong now = new AtomicLong();

  public void advance(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Override
  public long nanos() {
    return now.get();
  }
}
