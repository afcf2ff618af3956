package dev.ancestral.trainer.quality;

/**
 * How much farther samples are from a reference than their teacher's: 1 is as good as the teacher.
 *
 * @param value the ratio of the two Fréchet distances
 * @param upper95 the upper 95 % bound of it: were the samples drawn again, 5 of 100 ratios would be
 *     above
 */
public record FrechetRatio(double value, double upper95) {
  /**
   * Measures with a paired bootstrap, as {@link FrechetBootstrap} says.
   *
   * @param samples features, the i-th of the i-th seed
   * @param teacher features of the teacher's samples of the same seeds
   * @param reference features that both are compared with
   * @param seed of the draws
   * @throws IllegalArgumentException if samples and teacher are not equally many
   */
  public static FrechetRatio of(
      float[][] samples, float[][] teacher, float[][] reference, long seed) {
    return of(new FrechetBootstrap(teacher, reference, seed), samples);
  }

  /** As the other one, of several samplers beside one teacher. */
  public static FrechetRatio of(FrechetBootstrap bootstrap, float[][] samples) {
    Interval ratio = bootstrap.compare(samples).ratio();
    return new FrechetRatio(ratio.value(), ratio.high());
  }
}
