package dev.ancestral.trainer.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a run ends, once its data are known.
 *
 * @param iterations after which it does; null if only time ends it
 * @param setting which of the limits says so, as KEY: VALUE; null as before
 * @param time after which it ends at the latest, over every session; null for no such limit
 * @param samplesPerUpdate of an iteration
 * @param samples of an epoch
 */
public record RunLength(
    @Nullable Integer iterations,
    @Nullable String setting,
    @Nullable Duration time,
    int samplesPerUpdate,
    int samples) {

  private record Limit(String key, Object value, double iterations) {}

  /**
   * The length of a run.
   *
   * @param samples of the data
   * @throws IllegalArgumentException if it is more iterations than can be counted
   */
  public static RunLength of(OptimizerConfig training, int samples) {
    StopConfig stop = training.stop();
    int perUpdate = training.samplesPerUpdate();
    List<Limit> limits = new ArrayList<>();
    if (stop.iterations() != null) {
      limits.add(new Limit(StopConfig.ITERATIONS.key(), stop.iterations(), stop.iterations()));
    }
    if (stop.images() != null) {
      limits.add(
          new Limit(
              StopConfig.IMAGES.key(),
              stop.images(),
              Math.ceil((double) stop.images() / perUpdate)));
    }
    if (stop.epochs() != null) {
      limits.add(
          new Limit(
              StopConfig.EPOCHS.key(),
              stop.epochs(),
              Math.ceil(stop.epochs() * samples / perUpdate)));
    }
    Limit first = null;
    for (Limit limit : limits) {
      if (first == null || limit.iterations() < first.iterations()) {
        first = limit;
      }
    }
    if (first != null && first.iterations() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s: %s, %.0f iterations (expected: at most %d iterations)"
              .formatted(first.key(), first.value(), first.iterations(), Integer.MAX_VALUE));
    }
    return new RunLength(
        first == null ? null : Integer.valueOf((int) first.iterations()),
        first == null ? null : first.key() + ": " + first.value(),
        stop.minutes() == null ? null : Duration.ofNanos(Math.round(stop.minutes() * 60e9)),
        perUpdate,
        samples);
  }

  /**
   * Whether a run that has come so far is at its end; however short its time, it has an iteration.
   */
  public boolean isReached(int done, Duration spent) {
    return isLast(done) || (time != null && done > 0 && spent.compareTo(time) >= 0);
  }

  /** Whether this many iterations are all that it may have. */
  public boolean isLast(int done) {
    return iterations != null && done >= iterations;
  }

  /** The setting that ends a run which is at its end after that many iterations. */
  public String endedBy(int done) {
    return isLast(done) && setting != null
        ? setting.substring(0, setting.indexOf(':'))
        : StopConfig.MINUTES.key();
  }

  /** Where it will end, in words. */
  public String inWords() {
    String words = iterations == null ? "" : "after %s (%s)".formatted(extent(iterations), setting);
    if (time == null) {
      return words;
    }
    String limit = "after %s of training (%s)".formatted(clock(time), StopConfig.MINUTES.key());
    return words.isEmpty() ? limit : words + ", or " + limit + ", whichever comes first";
  }

  /** How far that many iterations are, in words. */
  public String extent(int done) {
    return String.format(
        Locale.ROOT,
        "%d iterations, %d images, %.4g epochs",
        done,
        (long) done * samplesPerUpdate,
        (double) done * samplesPerUpdate / samples);
  }

  /** As minutes and seconds. */
  public static String clock(Duration time) {
    long seconds = Math.round(time.toMillis() / 1000.0);
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }
}
