package dev.ancestral.exporter.fit;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.FittedTable.Factors;
import dev.ancestral.diffusion.sampler.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The chains of a {@link Lesson} on their way: where the fitted steps so far have brought them. A
 * step is two: {@link #estimate} asks the network, and {@link Estimated#arrive} solves for the
 * factors that bring the states nearest to the teacher's at the next level. What is tried there
 * does not cost a call again.
 *
 * <p>Immutable. Numbers are rounded as {@code UniversalStep} rounds them.
 *
 * @param x the states
 * @param previous the step before's clipped estimates of x0; null at the start
 * @param factors of the steps so far
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Walk(float[][] x, float @Nullable [][] previous, List<Factors> factors) {
  /** Before the first step. */
  static Walk start(Lesson lesson) {
    return new Walk(lesson.start(), null, List.of());
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
     */
    Walk arrive(Lesson lesson, NoiseLevel level) {
      float[][] target = lesson.teacher().at(level);
      float[][] previous = from.previous();
      NormalEquations equations = new NormalEquations(previous == null ? 2 : 3);
      for (int chain = 0; chain < x0.length; chain++) {
        if (previous == null) {
          equations.add(target[chain], from.x()[chain], x0[chain]);
        } else {
          equations.add(target[chain], from.x()[chain], x0[chain], previous[chain]);
        }
      }
      double[] f = equations.solveAtEnergy();
      Factors factors = new Factors(f[0], f[1], previous == null ? 0 : f[2]);
      List<Factors> all = new ArrayList<>(from.factors());
      all.add(factors);
      return new Walk(next(factors), x0, List.copyOf(all));
    }

    private float[][] next(Factors factors) {
      float fx = (float) factors.x();
      float f0 = (float) factors.x0();
      float fp = (float) factors.previous();
      float[][] x = from.x();
      float[][] previous = from.previous() == null ? x : from.previous();
      float[][] next = new float[x.length][x[0].length];
      for (int chain = 0; chain < x.length; chain++) {
        for (int k = 0; k < next[chain].length; k++) {
          float past = fx * x[chain][k] + fp * previous[chain][k];
          next[chain][k] = past + f0 * x0[chain][k];
        }
      }
      return next;
    }
  }
}
