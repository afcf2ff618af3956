package dev.ancestral.server.grpc;

import dev.ancestral.server.engine.Ticker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cuts off streams whose reader stopped and does not come back, so that what waits for it is not
 * held for ever. Thread-safe; somebody calls {@link #check} now and then.
 */
final class ReaderWatch {
  private final Duration patience;
  private final Ticker ticker;
  private final Set<ResponseStream> open = ConcurrentHashMap.newKeySet();

  ReaderWatch(Duration patience, Ticker ticker) {
    this.patience = patience;
    this.ticker = ticker;
  }

  void add(ResponseStream stream) {
    open.add(stream);
  }

  void remove(ResponseStream stream) {
    open.remove(stream);
  }

  /** Streams that are not over. */
  int size() {
    return open.size();
  }

  /** Cuts off every stream that has had something to send, and no taker, for too long. */
  void check() {
    long now = ticker.nanos();
    for (ResponseStream stream : open) {
      if (stream.unreadFor(now).compareTo(patience) >= 0) {
        stream.fail(new StoppedReaderException(patience));
      }
    }
  }
}
