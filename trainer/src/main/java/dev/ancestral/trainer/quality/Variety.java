package dev.ancestral.trainer.quality;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Whether samples look like the reference's, and whether all of the reference's kinds are among
 * them (Kynkäänniemi et al. 2019, "Improved Precision and Recall Metric for Assessing Generative
 * Models", eq. 1 and 2): a set's manifold are the balls around its samples that reach to the k-th
 * nearest other one.
 *
 * @param precision the share of samples within the reference's manifold
 * @param recall the share of the reference within the samples' manifold; less where kinds are lost
 */
public record Variety(double precision, double recall) {
  /** What the paper uses. */
  public static final int NEIGHBOURS = 3;

  /**
   * Measures. Sets of different sizes have balls of different sizes, so the paper takes equally
   * many.
   *
   * @param samples features, more than {@code neighbours}
   * @param reference features, more than {@code neighbours}
   * @param neighbours k, at least 1
   */
  public static Variety of(float[][] samples, float[][] reference, int neighbours) {
    Rows.require("samples", samples, samples);
    Rows.require("reference", reference, samples);
    int most = Math.min(samples.length, reference.length) - 1;
    if (neighbours < 1 || neighbours > most) {
      throw new IllegalArgumentException(
          "neighbours: %d (expected: 1..%d, fewer than samples)".formatted(neighbours, most));
    }
    return new Variety(
        share(samples, reference, radii(reference, neighbours)),
        share(reference, samples, radii(samples, neighbours)));
  }

  /** Of the rows, those within the ball of a centre. */
  private static double share(float[][] rows, float[][] centres, double[] radii) {
    long inside =
        Arrays.stream(rows)
            .parallel()
            .filter(
                row ->
                    IntStream.range(0, centres.length)
                        .anyMatch(i -> squared(row, centres[i]) <= radii[i]))
            .count();
    return (double) inside / rows.length;
  }

  /** Squared distances to the k-th nearest other one. */
  private static double[] radii(float[][] rows, int neighbours) {
    return IntStream.range(0, rows.length)
        .parallel()
        .mapToDouble(
            i ->
                IntStream.range(0, rows.length)
                    .filter(j -> j != i)
                    .mapToDouble(j -> squared(rows[i], rows[j]))
                    .sorted()
                    .skip(neighbours - 1L)
                    .findFirst()
                    .orElseThrow())
        .toArray();
  }

  private static double squared(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      double difference = (double) a[k] - b[k];
      sum += difference * difference;
    }
    return sum;
  }
}
