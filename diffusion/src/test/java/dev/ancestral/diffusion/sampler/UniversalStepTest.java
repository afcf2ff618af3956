package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class UniversalStepTest {
  private static final int SIZE = 97;
  private static final int OUTPUT_OFFSET = 5;
  private static final int VARIANCE_OFFSET = OUTPUT_OFFSET + SIZE + 3;

  /** Of numbers of size 10, through a handful of float operations. */
  private static final double TOLERANCE = 2e-5;

  @RepeatedTest(20)
  void everyTerm_isThatOfTheFormula(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Step step =
        new Step(
            7,
            coefficient(random),
            coefficient(random),
            coefficient(random),
            coefficient(random),
            coefficient(random),
            coefficient(random),
            coefficient(random),
            coefficient(random));
    float[] x = normals(random, SIZE);
    float[] output = normals(random, VARIANCE_OFFSET + SIZE);
    float[] p = normals(random, SIZE);
    float[] z = normals(random, SIZE);
    float[] next = x.clone();
    float[] estimate = p.clone();

    UniversalStep.apply(
        step, ClipRange.UNIT, next, output, OUTPUT_OFFSET, VARIANCE_OFFSET, estimate, z);

    for (int i = 0; i < SIZE; i++) {
      double m = output[OUTPUT_OFFSET + i];
      double v = output[VARIANCE_OFFSET + i];
      double x0 = Math.min(Math.max(step.ax() * x[i] + step.am() * m, -1), 1);
      double expected =
          step.b0() * x0
              + step.bx() * x[i]
              + step.bm() * m
              + step.bp() * p[i]
              + step.bz() * Math.exp(step.bs() * v) * z[i];
      assertEquals(x0, estimate[i], TOLERANCE, "estimate " + i);
      assertEquals(expected, next[i], TOLERANCE * Math.max(1, Math.abs(expected)), "state " + i);
    }
  }

  @Test
  void termsWithoutAFactor_areNotRead() {
    Step step = Step.estimating(0, 1, 0).plusX0(1);
    float[] x = {0.5f, -3};
    float[] estimate = {Float.NaN, Float.NaN};
    UniversalStep.apply(
        step,
        ClipRange.UNIT,
        x,
        new float[2],
        0,
        Integer.MAX_VALUE,
        estimate,
        new float[] {Float.NaN, Float.NaN});
    assertArrayEquals(new float[] {0.5f, -1}, x);
    assertArrayEquals(new float[] {0.5f, -1}, estimate);
  }

  @Test
  void withoutClipping_theEstimateIsLeftAsItIs() {
    float[] estimate = {-40, 0.5f, 1e30f};
    Clipping.NONE.apply(estimate);
    assertArrayEquals(new float[] {-40, 0.5f, 1e30f}, estimate);
  }

  @RepeatedTest(20)
  void dynamicThreshold_dividesByTheQuantileOfTheMagnitudes(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    float[] x0 = normals(random, 200 + repetition.getCurrentRepetition());
    double[] magnitudes = new double[x0.length];
    for (int i = 0; i < x0.length; i++) {
      magnitudes[i] = Math.abs(x0[i]);
    }
    Arrays.sort(magnitudes);
    double position = 0.9 * (x0.length - 1);
    int below = (int) position;
    double s = magnitudes[below] + (position - below) * (magnitudes[below + 1] - magnitudes[below]);
    float[] clipped = x0.clone();
    new DynamicThreshold(-1, 1, 0.9).apply(clipped);
    for (int i = 0; i < x0.length; i++) {
      assertEquals(Math.min(Math.max(x0[i], -s), s) / s, clipped[i], 2e-7, "at " + i);
    }
  }

  @Test
  void dynamicThreshold_ofAnEstimateWithinTheRange_changesNothing() {
    float[] x0 = {-1, -0.25f, 0, 0.75f, 1};
    new DynamicThreshold(-1, 1, 1).apply(x0);
    assertArrayEquals(new float[] {-1, -0.25f, 0, 0.75f, 1}, x0);
  }

  @Test
  void dynamicThreshold_shrinksAboutTheMiddleOfTheRange() {
    float[] x0 = {0.5f, 2.5f, -0.5f, 1};
    new DynamicThreshold(0, 1, 1).apply(x0);
    assertArrayEquals(new float[] {0.5f, 1, 0.25f, 0.625f}, x0, 1e-7f);
  }

  @Test
  void dynamicThreshold_shrinksByNoMoreThanItsMost() {
    float[] x0 = {3, -1.25f, 0.75f, 1};
    new DynamicThreshold(-1, 1, 1, 1.5).apply(x0);
    assertArrayEquals(new float[] {1, -1.25f / 1.5f, 0.5f, 1 / 1.5f}, x0, 1e-7f);
    float[] same = {3, -1.25f, 0.75f, 1};
    new DynamicThreshold(-1, 1, 1, 1).apply(same);
    assertArrayEquals(new float[] {1, -1, 0.75f, 1}, same, 0f, "plain clipping");
  }

  @Test
  void clippingToAMultipleOfTheRange_isAboutItsMiddle() {
    assertEquals(new ClipRange(-1.5, 2.5), ClipRange.scaled(-0.5, 1.5, 2));
    assertEquals(new ClipRange(-0.1, 0.3), ClipRange.scaled(-0.1, 0.3, 1), "the range itself");
  }

  @Test
  void quantileOutsideItsBounds_isRefused() {
    for (double quantile : new double[] {0, -1, 1.5, Double.NaN}) {
      String message =
          String.valueOf(
              assertThrows(
                      IllegalArgumentException.class, () -> new DynamicThreshold(-1, 1, quantile))
                  .getMessage());
      assertEquals("threshold_quantile: " + quantile + " (expected: above 0, at most 1)", message);
    }
  }

  @Test
  void aPlanSaysWhatItsStepsRead() {
    Step plain = Step.estimating(1, 1, 0).plusX0(1);
    assertEquals(List.of(false, false, false), needs(plain));
    assertEquals(List.of(true, false, false), needs(plain, plain.plusPrevious(0.1)));
    assertEquals(List.of(false, true, false), needs(plain.plusNoise(1)));
    assertEquals(List.of(false, true, true), needs(plain, plain.plusNoise(1, 0.5)));
  }

  private static List<Boolean> needs(Step... steps) {
    ChainPlan plan = new ChainPlan("test", 1, Clipping.NONE, List.of(steps));
    return List.of(plan.usesPrevious(), plan.isStochastic(), plan.usesVariance());
  }

  @Test
  void aFirstStepThatReadsAPreviousEstimate_isRefused() {
    Step step = Step.estimating(1, 1, 0).plusPrevious(1);
    assertThrows(
        IllegalArgumentException.class,
        () -> new ChainPlan("test", 1, Clipping.NONE, List.of(step)));
  }

  private static double coefficient(Random random) {
    return 2 * random.nextDouble() - 1;
  }

  private static float[] normals(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
