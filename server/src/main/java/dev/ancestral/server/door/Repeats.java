package dev.ancestral.server.door;

import dev.ancestral.server.engine.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets the first few events of a kind pass in each window of time, and counts the others, so that
 * nobody can fill a disk by failing. Thread-safe.
 *
 * @param <K> what makes two events of a kind; of a bounded number of values
 */
final class Repeats<K> {
  /** Events of a kind that pass in a window. */
  static final int SHOWN = 5;

  /** From the first event of a kind until its sum is due. */
  static final Duration WINDOW = Duration.ofSeconds(10);

  /**
   * A sum.
   *
   * @param hidden events that did not pass
   */
  record Sum<K>(K kind, long hidden) {}

  private static final class Count {
    private final long since;
    private long events;

    Count(long since) {
      this.since = since;
    }
  }

  private final Ticker ticker;
  private final Map<K, Count> counts = new LinkedHashMap<>();

  Repeats(Ticker ticker) {
    this.ticker = ticker;
  }

  /** Whether an event of this kind may pass now; it is counted if not. */
  synchronized boolean pass(K kind) {
    return ++counts.computeIfAbsent(kind, k -> new Count(ticker.nanos())).events <= SHOWN;
  }

  /** The sums of the windows that are over; each is given once. */
  synchronized List<Sum<K>> due() {
    return take(ticker.nanos() - WINDOW.toNanos());
  }

  /** The sums of all windows. */
  synchronized List<Sum<K>> all() {
    return take(ticker.nanos());
  }

  private List<Sum<K>> take(long latest) {
    List<Sum<K>> sums = new ArrayList<>();
    counts
        .entrySet()
        .removeIf(
            entry -> {
              Count count = entry.getValue();
              boolean over = count.since - latest <= 0;
              if (over && count.events > SHOWN) {
                sums.add(new Sum<>(entry.getKey(), count.events - SHOWN));
              }
              return over;
            });
    return sums;
  }
}
