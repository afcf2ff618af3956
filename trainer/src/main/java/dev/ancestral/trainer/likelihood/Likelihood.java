package dev.ancestral.trainer.likelihood;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The bound on the negative log-likelihood of samples, L = L_T + Σ L_{t-1} + L_0, in bits per
 * dimension; each figure is a mean over the samples.
 *
 * @param priors L_T of each sample
 * @param terms of each sample at t = 0..T-1: the decoder's L_0, then the divergences L_{t-1}
 */
@SuppressWarnings("ArrayRecordComponent") // Made once, never compared.
public record Likelihood(double[] priors, double[][] terms) {

  /** How many samples there were. */
  public int samples() {
    return priors.length;
  }

  /** L_T. */
  public Estimate prior() {
    return Estimate.of(priors);
  }

  /** Σ L_{t-1} over t = 1..T-1. */
  public Estimate divergences() {
    return overSamples(row -> Arrays.stream(row).skip(1).sum());
  }

  /** L_0. */
  public Estimate decoder() {
    return overSamples(row -> row[0]);
  }

  /** L. */
  public Estimate total() {
    return Estimate.of(
        IntStream.range(0, samples())
            .mapToDouble(i -> priors[i] + Arrays.stream(terms[i]).sum())
            .toArray());
  }

  /** The mean of the terms at t = 0..T-1. */
  public double[] meanTerms() {
    return IntStream.range(0, terms[0].length)
        .mapToDouble(t -> Arrays.stream(terms).mapToDouble(row -> row[t]).average().orElseThrow())
        .toArray();
  }

  private Estimate overSamples(ToDoubleFunction<double[]> figure) {
    return Estimate.of(Arrays.stream(terms).mapToDouble(figure).toArray());
  }
}
