package dev.ancestral.server.grpc;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when a test says so. */
final class FakeTicker implements Ticker {
  private final AtomicLong now = new AtomicLong();

  void advance(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Override
  public long nanos() {
    return now.get();
  }
}
