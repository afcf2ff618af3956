package dev.ancestral.server.grpc;

import dev.ancestral.server.engine.Ticker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams under way, and what time alone does to them: those whose reader stopped and does not
 * come back are cut off, so that what waits for it is not held for ever, and those whose request
 * waits hear where it stands. Thread-safe; somebody calls {@link #check} and {@link #tellWaiting}
 * now and then.
 */
final class OpenStreams {
  /** So many can be told at each call; of more, each is told less often. */
  private static final int TOLD = 64;

  private final Duration patience;
  private final Ticker ticker;
  private final Set<ResponseStream> open = ConcurrentHashMap.newKeySet();

  OpenStreams(Duration patience, Ticker ticker) {
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

  /** Tells every stream whose request waits where it stands. */
  void tellWaiting() {
    long now = ticker.nanos();
    int share = 1 + open.size() / TOLD;
    for (ResponseStream stream : open) {
      stream.tellWaiting(now, share);
    }
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
