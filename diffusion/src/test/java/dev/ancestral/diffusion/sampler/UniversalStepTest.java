package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
            new Past(coefficient(random), coefficient(random), coefficient(random)),
            new Entry(coefficient(random), coefficient(random), coefficient(random)),
            coefficient(random),
            coefficient(random));
    float[] x = normals(random, SIZE);
    float[] output = normals(random, VARIANCE_OFFSET + SIZE);
    float[][] history = {normals(random, SIZE), normals(random, SIZE), normals(random, SIZE)};
    float[][] before = {history[0].clone(), history[1].clone(), history[2].clone()};
    float[] z = normals(random, SIZE);
    float[] next = x.clone();
    float[] estimate = new float[SIZE];

    UniversalStep.apply(
        step, ClipRange.UNIT, next, output, OUTPUT_OFFSET, VARIANCE_OFFSET, history, estimate, z);

    for (int i = 0; i < SIZE; i++) {
      double m = output[OUTPUT_OFFSET + i];
      double v = output[VARIANCE_OFFSET + i];
      double x0 = Math.min(Math.max(step.ax() * x[i] + step.am() * m, -1), 1);
      double expected =
          step.b0() * x0
              + step.bx() * x[i]
              + step.bm() * m
              + step.past().h1() * before[0][i]
              + step.past().h2() * before[1][i]
              + step.past().h3() * before[2][i]
              + step.bz() * Math.exp(step.bs() * v) * z[i];
      double left = step.leaves().x() * x[i] + step.leaves().x0() * x0 + step.leaves().m() * m;
      assertEquals(x0, estimate[i], TOLERANCE, "estimate " + i);
      assertEquals(left, history[0][i], TOLERANCE, "left " + i);
      assertEquals(expected, next[i], TOLERANCE * Math.max(1, Math.abs(expected)), "state " + i);
    }
    assertArrayEquals(before[0], history[1], "the newest of before");
    assertArrayEquals(before[1], history[2], "the one before that");
  }

  @Test
  void termsWithoutAFactor_areNotRead() {
    Step step = Step.estimating(0, 1, 0).plusX0(1);
    float[] x = {0.5f, -3};
    float[][] history = {{Float.NaN, Float.NaN}, {Float.NaN, Float.NaN}};
    float[] estimate = {Float.NaN, Float.NaN};
    UniversalStep.apply(
        step,
        ClipRange.UNIT,
        x,
        new float[2],
        0,
        Integer.MAX_VALUE,
        history,
        estimate,
        new float[] {Float.NaN, Float.NaN});
    assertArrayEquals(new float[] {0.5f, -1}, x);
    assertArrayEquals(new float[] {0.5f, -1}, estimate);
    assertArrayEquals(new float[] {0.5f, -1}, history[0]);
  }

  @Test
  void aHistoryKeepsItsArrays_theOldestTakesWhatTheStepLeaves() {
    float[] oldest = {3};
    float[] newest = {1};
    float[][] history = {newest, {2}, oldest};
    Step step = Step.estimating(0, 1, 0).plusX0(1).plusPast(new Past(0, 0, 10));
    float[] x = {0.25f};
    UniversalStep.apply(step, ClipRange.UNIT, x, new float[1], 0, 0, history, new float[1], x);
    assertEquals(30.25f, x[0], "the oldest is read before it is overwritten");
    assertSame(oldest, history[0]);
    assertSame(newest, history[1]);
    assertArrayEquals(new float[] {0.25f}, history[0]);
  }

  @Test
  void withOneEntry_theNumbersAreAddedInTheOrderOfTheFormula() {
    // Such that each order of the sum has its own bits.
    Step step = Step.estimating(0, 0, 1).plusX0(1e-3).plusState(1).plusOutput(1).plusPrevious(1);
    float[] x = {1e7f};
    float[][] history = {{0.4f}};
    float m = 0.3f;
    UniversalStep.apply(
        step, Clipping.NONE, x, new float[] {m}, 0, 0, history, new float[1], new float[1]);
    assertEquals(((1e7f + m) + 0.4f) + (float) 1e-3 * m, x[0]);
  }

  @Test
  void theResultIsClipped_onlyWhereThePlanSaysSo() {
    List<Step> steps = List.of(Step.estimating(0, 1, 0).plusX0(1));
    float[] state = {2, -0.5f};
    new ChainPlan("test", 1, ClipRange.UNIT, steps).finish(state);
    assertArrayEquals(new float[] {2, -0.5f}, state);
    new ChainPlan("test", 1, ClipRange.UNIT, steps, true).finish(state);
    assertArrayEquals(new float[] {1, -0.5f}, state);
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
    assertEquals(List.of(0, false, false), needs(plain));
    assertEquals(List.of(1, false, false), needs(plain, plain.plusPrevious(0.1)));
    assertEquals(
        List.of(2, false, false), needs(plain, plain, plain.plusPast(new Past(0, 0.1, 0)), plain));
    assertEquals(List.of(0, true, false), needs(plain.plusNoise(1)));
    assertEquals(List.of(0, true, true), needs(plain, plain.plusNoise(1, 0.5)));
  }

  private static List<Object> needs(Step... steps) {
    ChainPlan plan = new ChainPlan("test", 1, Clipping.NONE, List.of(steps));
    return List.of(plan.historyLength(), plan.isStochastic(), plan.usesVariance());
  }

  @Test
  void aStepThatReadsMoreThanTheStepsBeforeLeft_isRefused() {
    Step plain = Step.estimating(1, 1, 0);
    for (Past past : List.of(new Past(1, 0, 0), new Past(0, 1, 0), new Past(0, 0, 1))) {
      int depth = past.depth();
      List<Step> steps = new ArrayList<>(Collections.nCopies(depth, plain));
      steps.set(depth - 1, plain.plusPast(past));
      String message =
          String.valueOf(
              assertThrows(
                      IllegalArgumentException.class,
                      () -> new ChainPlan("test", 1, Clipping.NONE, steps))
                  .getMessage());
      assertEquals(
          "steps[%d]: reads %d entries of the history (expected: at most %d)"
              .formatted(depth - 1, depth, depth - 1),
          message);
      steps.add(0, plain);
      assertEquals(depth, new ChainPlan("test", 1, Clipping.NONE, steps).historyLength());
    }
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
