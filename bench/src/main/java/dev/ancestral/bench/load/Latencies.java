package dev.ancestral.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** How long requests took, to three digits. Thread-safe. */
public final class Latencies {
  private static final long LONGEST_MICROS = Duration.ofHours(1).toNanos() / 1000;
  private static final int DIGITS = 3;
  private static final int TICKS_PER_HALF = 5;

  private final Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);

  /**
   * Where a share of the requests was done.
   *
   * @param percentile 0..100
   */
  public record Point(double percentile, double milliseconds) {}

  /** One request; what took longer than an hour counts as an hour. */
  public void add(Duration latency) {
    micros.recordValue(Math.min(Math.max(latency.toNanos() / 1000, 1), LONGEST_MICROS));
  }

  /** All requests of another one. */
  public void addAll(Latencies others) {
    micros.add(others.micros);
  }

  /** How many requests. */
  public long count() {
    return micros.getTotalCount();
  }

  /**
   * The time within which this share of the requests was done, in milliseconds.
   *
   * @param percentile 0..100
   * @throws IllegalStateException if there were none
   */
  public double milliseconds(double percentile) {
    if (count() == 0) {
      throw new IllegalStateException("latencies: no request (expected: at least 1)");
    }
    return micros.getValueAtPercentile(percentile) / 1e3;
  }

  /** Each request's, in milliseconds, ascending. */
  public double[] each() {
    double[] each = new double[Math.toIntExact(count())];
    int filled = 0;
    for (HistogramIterationValue value : micros.recordedValues()) {
      int next = filled + Math.toIntExact(value.getCountAtValueIteratedTo());
      Arrays.fill(each, filled, next, value.getValueIteratedTo() / 1e3);
      filled = next;
    }
    return each;
  }

  /** The distribution, finer towards its slow end. */
  public List<Point> points() {
    List<Point> points = new ArrayList<>();
    for (HistogramIterationValue value : micros.percentiles(TICKS_PER_HALF)) {
      points.add(new Point(value.getPercentileLevelIteratedTo(), value.getValueIteratedTo() / 1e3));
    }
    return points;
  }
}
