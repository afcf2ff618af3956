package dev.ancestral.bench.scenario;

import java.time.Duration;

/**
 * How long a mixed load lasts on each server: several short loads, each with its own seed and on
 * all servers in turns, rather than a long one.
 *
 * @param seeds how many of them
 * @param all in which requests arrive, of all seeds together
 * @param grace after each, for those that are not done
 */
public record MixedPace(int seeds, Duration all, Duration grace) {
  private static final int WARM_UP_SHARE = 8;

  /** In which the requests of a seed arrive. */
  Duration stretch() {
    return all.dividedBy(seeds);
  }

  /** The part of that whose latencies do not count. */
  Duration warmUp() {
    return stretch().dividedBy(WARM_UP_SHARE);
  }

  MixedPace lasting(Duration other) {
    return new MixedPace(seeds, other, grace);
  }

  @Override
  public String toString() {
    return "%d seeds of %.0f s on each server, latencies after the first %.0f s of each"
        .formatted(seeds, stretch().toMillis() / 1e3, warmUp().toMillis() / 1e3);
  }
}
