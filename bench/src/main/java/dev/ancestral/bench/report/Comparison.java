package dev.ancestral.bench.report;

/**
 * A value beside another of the same run.
 *
 * @param reference what it is compared with
 * @param value the reference's
 * @param times how many times as good as the reference; above 1 is better
 * @param low the least of all rounds
 * @param high the most of all rounds
 */
public record Comparison(String reference, double value, double times, double low, double high) {}
