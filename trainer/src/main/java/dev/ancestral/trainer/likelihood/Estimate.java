package dev.ancestral.trainer.likelihood;

import java.util.Arrays;

/**
 * A mean over samples.
 *
 * @param mean of them
 * @param standardError of the mean; NaN for a single sample
 */
public record Estimate(double mean, double standardError) {
  static Estimate of(double[] values) {
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    int count = values.length;
    return new Estimate(mean, count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1) / count));
  }
}
