package dev.ancestral.trainer.quality;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Fréchet distances to one reference with what chance does to them, by a paired bootstrap (Efron
 * and Tibshirani 1993, "An Introduction to the Bootstrap", chapters 6 and 10): in each draw the
 * reference is drawn anew, and the sample of each seed is kept or left out together with the
 * teacher's of that seed, so that what both have in common does not widen the ratio.
 *
 * <p>A drawn set repeats samples, which makes every distance larger; what the mean of the draws
 * exceeds the distance by is taken off each draw (10.2), else all ratios would be drawn to 1.
 *
 * <p>Pure; the draws of reference and teacher are kept, for many samplers beside one teacher.
 */
public final class FrechetBootstrap {
  private static final int DRAWS = 400;
  private static final long TRIAL_NANOSECONDS = 200_000_000;

  private final int count;
  private final int size;
  private final long seed;
  private final Gaussian reference;
  private final Gaussian[] referenceDraws;
  private final double teacher;
  private final double[] teacherDraws;

  /**
   * Of a teacher's samples.
   *
   * @param teacher features of at least two samples, the i-th of the i-th seed
   * @param reference features of at least two samples that all are compared with
   * @param seed of the draws
   * @throws IllegalArgumentException if there are fewer, or one is not finite
   */
  public FrechetBootstrap(float[][] teacher, float[][] reference, long seed) {
    Rows.require("teacher", teacher, teacher);
    Rows.require("reference", reference, teacher);
    this.count = teacher.length;
    this.size = teacher[0].length;
    this.seed = seed;
    this.reference = Gaussian.of(reference);
    this.referenceDraws =
        IntStream.range(0, DRAWS)
            .parallel()
            .mapToObj(draw -> Gaussian.of(reference, times(reference.length, 1, draw)))
            .toArray(Gaussian[]::new);
    this.teacher = this.reference.distanceTo(Gaussian.of(teacher));
    this.teacherDraws = draws(teacher, this.teacher);
  }

  /**
   * How long the draws of one more sampler take, about, from a few of them.
   *
   * @param samples of it
   * @param size numbers of a sample's features
   * @param seed of numbers to try with
   */
  public static double secondsOfASampler(int samples, int size, long seed) {
    float[][] rows = new float[samples][size];
    for (int i = 0; i < samples; i++) {
      GaussianNoise.fill(rows[i], seed, NoisePurpose.BOOTSTRAP, i, 0);
    }
    Gaussian reference = Gaussian.of(rows);
    int trials = 2 * ForkJoinPool.getCommonPoolParallelism() + 2;
    double[] distances = new double[trials];
    IntToDoubleFunction trial = i -> reference.distanceTo(Gaussian.of(rows));
    long end = System.nanoTime() + TRIAL_NANOSECONDS;
    long fastest = Long.MAX_VALUE;
    // The first rounds are slow, until they are compiled.
    for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
      Arrays.parallelSetAll(distances, trial);
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return fastest / 1e9 / trials * DRAWS;
  }

  /** The teacher's distance. */
  public Interval teacher() {
    return Interval.of(teacher, teacherDraws);
  }

  /**
   * Other samples beside the teacher's.
   *
   * @param distance to the reference
   * @param ratio of it to the teacher's; where a teacher cannot be told from the reference in some
   *     of the draws, its upper end may be infinite
   */
  public record Comparison(Interval distance, Interval ratio) {}

  /**
   * Compares.
   *
   * @param samples features of the same seeds as the teacher's
   */
  public Comparison compare(float[][] samples) {
    if (samples.length != count) {
      throw new IllegalArgumentException(
          "samples: %d (expected: %d, as many as the teacher's)".formatted(samples.length, count));
    }
    Rows.require("samples", samples, new float[][] {new float[size]});
    double distance = reference.distanceTo(Gaussian.of(samples));
    double[] distances = draws(samples, distance);
    double[] ratios = new double[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      ratios[i] = ratio(distances[i], teacherDraws[i]);
    }
    return new Comparison(
        Interval.of(distance, distances), Interval.of(ratio(distance, teacher), ratios));
  }

  private static double ratio(double distance, double teacher) {
    if (teacher > 0) {
      return Math.max(0, distance) / teacher;
    }
    return distance == teacher ? 1 : Double.POSITIVE_INFINITY;
  }

  private double[] draws(float[][] samples, double distance) {
    IntToDoubleFunction draw =
        i -> referenceDraws[i].distanceTo(Gaussian.of(samples, times(count, 0, i)));
    double[] draws = IntStream.range(0, DRAWS).parallel().mapToDouble(draw).toArray();
    double bias =
        IntStream.range(0, DRAWS).mapToDouble(i -> draws[i]).average().orElse(0) - distance;
    for (int i = 0; i < draws.length; i++) {
      draws[i] -= bias;
    }
    return draws;
  }

  /** How often each of {@code count} is drawn, when as many are drawn with replacement. */
  private int[] times(int count, int stream, int draw) {
    PhiloxRandom random = new PhiloxRandom(seed, NoisePurpose.BOOTSTRAP, stream, draw);
    int[] times = new int[count];
    for (int i = 0; i < count; i++) {
      times[random.nextInt(count)]++;
    }
    return times;
  }
}
