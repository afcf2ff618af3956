package dev.ancestral.bench.report;

/**
 * A value beside another of the same run.
 *
 * @param reference what it is compared with
 * @param value the reference's
 * @param times how many times as good as the reference; above 1 is better
 * @param rounds how often it was measured
 * @param interval where {@code times} lies
 */
public record Comparison(
    String reference, double value, double times, int rounds, Interval interval) {
  /** Of one measurement, which says nothing about its own error. */
  public static Comparison once(String reference, double value, double times) {
    return new Comparison(reference, value, times, 1, new Interval(times, times, 0));
  }
}
