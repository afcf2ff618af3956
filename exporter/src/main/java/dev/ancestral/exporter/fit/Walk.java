package dev.ancestral.exporter.fit;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.FittedTable.Factors;
import dev.ancestral.diffusion.sampler.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The chains of a {@link Lesson} on their way: where the fitted steps so far have brought them. A
 * step is two: {@link #estimate} asks the network, and {@link Estimated#arrive} solves for the
 * factors that bring the states nearest to the teacher's at the next level. What is tried there
 * does not cost a call again.
 *
 * <p>Immutable. Numbers are rounded as {@code UniversalStep} rounds them.
 *
 * @param x the states
 * @param past the clipped estimates of x0 of the steps before, the newest first, at most {@link
 *     #MOST_REACH}
 * @param factors of the steps so far
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Walk(float[][] x, List<float[][]> past, List<Factors> factors) {
  /** How many estimates of steps before a step reads at most. */
  static final int MOST_REACH = 2;

  /** Before the first step. */
  static Walk start(Lesson lesson) {
    return new Walk(lesson.start(), List.of(), List.of());
  }

  /**
   * The next step's clipped estimates: one call a chain.
   *
   * @param site where the network is asked, and how x0 follows: no more of the step counts
   */
  Estimated estimate(Step site, Network network, Lesson lesson, Clipping clipping) {
    float[][] m = network.predict(x, site.timestep(), lesson.labels(), lesson.guidance());
    float ax = (float) site.ax();
    float am = (float) site.am();
    for (int chain = 0; chain < m.length; chain++) {
      float[] estimate = m[chain];
      for (int k = 0; k < estimate.length; k++) {
        estimate[k] = ax * x[chain][k] + am * estimate[k];
      }
      clipping.apply(estimate);
    }
    return new Estimated(this, m);
  }

  /**
   * A step half done.
   *
   * @param from the walk before it
   * @param x0 the clipped estimates
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Estimated(Walk from, float[][] x0) {
    /**
     * The walk after the step to this level, with the best factors, by {@link
     * NormalEquations#solveAtEnergy}.
     *
     * @param reach how many estimates of steps before it reads, as far as there are so many, 1 to
     *     {@link #MOST_REACH}
     */
    Walk arrive(Lesson lesson, NoiseLevel level, int reach) {
      float[][] target = lesson.teacher().at(level);
      List<float[][]> terms = new ArrayList<>(List.of(from.x(), x0));
      terms.addAll(from.past().subList(0, Math.min(reach, from.past().size())));
      NormalEquations equations = new NormalEquations(terms.size());
      for (int chain = 0; chain < x0.length; chain++) {
        float[][] rows = new float[terms.size()][];
        for (int k = 0; k < rows.length; k++) {
          rows[k] = terms.get(k)[chain];
        }
        equations.add(target[chain], rows);
      }
      double[] f = Arrays.copyOf(equations.solveAtEnergy(), 2 + MOST_REACH);
      return go(new Factors(f[0], f[1], f[2], f[3]));
    }

    /** The walk after the step with these factors. */
    Walk go(Factors factors) {
      List<Factors> all = new ArrayList<>(from.factors());
      all.add(factors);
      List<float[][]> past = new ArrayList<>();
      past.add(x0);
      from.past().stream().limit(MOST_REACH - 1).forEach(past::add);
      return new Walk(next(factors), List.copyOf(past), List.copyOf(all));
    }

    private float[][] next(Factors factors) {
      float fx = (float) factors.x();
      float f0 = (float) factors.x0();
      float f1 = (float) factors.previous();
      float f2 = (float) factors.earlier();
      float[][] x = from.x();
      // In the place of what there is not stands x, whose factor is 0.
      float[][] previous = from.past().isEmpty() ? x : from.past().get(0);
      float[][] earlier = from.past().size() < MOST_REACH ? x : from.past().get(1);
      float[][] next = new float[x.length][x[0].length];
      for (int chain = 0; chain < x.length; chain++) {
        for (int k = 0; k < next[chain].length; k++) {
          float past = f1 * previous[chain][k] + f2 * earlier[chain][k];
          next[chain][k] = fx * x[chain][k] + past + f0 * x0[chain][k];
        }
      }
      return next;
    }
  }
}
