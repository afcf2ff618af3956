package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.sampler.Guidance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CompletionEstimateTest {
  /** One row takes 4 ms, and four rows 8 ms: 2 ms a row at the best. */
  private static final CostCurve CURVE =
      new CostCurve(4, List.of(new CostCurve.Point(1, 4), new CostCurve.Point(4, 8)));

  private static Cohort cohort(int steps, int samples, int priority, double arrivedMillis) {
    return cohort(Chains.request("ddim", steps, 1, samples, 0), priority, arrivedMillis);
  }

  private static Cohort cohort(ChainRequest request, int priority, double arrivedMillis) {
    return new Cohort(
        request, new Urgency(priority, null), new RecordingListener(), 1, arrivedMillis);
  }

  private static double millis(Batching batching, List<Cohort> present, Cohort arriving) {
    return CompletionEstimate.of(CURVE, batching, present, arriving).toNanos() / 1e6;
  }

  private static double millis(List<Cohort> present, Cohort arriving) {
    return millis(Batching.STEP, present, arriving);
  }

  @Test
  void aSampleAloneTakesItsStepsOneByOne() {
    assertEquals(50 * 4, millis(List.of(), cohort(50, 1, 0, 0)));
  }

  @Test
  void manySamplesTakeTheirRowStepsAtTheBestPace() {
    assertEquals(50 * 100 * 2, millis(List.of(), cohort(50, 100, 0, 0)));
  }

  @Test
  void guidedSamplesHaveTwoRows() {
    ChainRequest guided =
        Chains.guided(Chains.request("ddim", 50, 1, 100, 0), new Guidance(2, 0, 10));
    assertEquals(50 * 2 * 100 * 2, millis(List.of(), cohort(guided, 0, 0)));
  }

  @Test
  void whatHasAHigherPriorityIsAhead_whatHasALowerOneIsNot() {
    Cohort arriving = cohort(10, 10, 0, 0);
    assertEquals((500 * 3 + 100) * 2, millis(List.of(cohort(500, 3, 1, 0)), arriving));
    assertEquals(100 * 2, millis(List.of(cohort(500, 3, -1, 0)), arriving));
  }

  @Test
  void ofTheSamePriority_whatIsDueBeforeIsAhead() {
    Cohort arriving = cohort(10, 10, 0, 0);
    // Of one that came at the same time, as many row-steps as the arriving one has itself.
    assertEquals((100 + 100) * 2, millis(List.of(cohort(500, 3, 0, 0)), arriving), 1e-6);
    // Of one that is older than the ageing can make up for, everything.
    assertEquals((1500 + 100) * 2, millis(List.of(cohort(500, 3, 0, -1e6)), arriving), 1e-6);
    // Of one that has done more than that, nothing.
    Cohort running = cohort(500, 3, 0, 0);
    for (int i = 0; i < 101; i++) {
      running.countSteps(1);
    }
    assertEquals(100 * 2, millis(List.of(running), arriving), 1e-6);
  }

  @Test
  void whereWholeRequestsAreBatched_allThatCameIsAhead() {
    assertEquals(
        (1500 + 100) * 2,
        millis(Batching.REQUEST, List.of(cohort(500, 3, -1, 0)), cohort(10, 10, 0, 0)));
  }

  @Test
  void whoWaitsStandsBehindWhatRunsBeforeItsFirstSample() {
    Cohort urgent = cohort(50, 30, 1, 0);
    Cohort later = cohort(50, 40, -1, 0);
    Cohort waiting = cohort(10, 10, 0, 0);
    List<Cohort> present = List.of(urgent, waiting, later);
    Standing standing = CompletionEstimate.standing(CURVE, Batching.STEP, present, waiting);
    assertEquals(new Standing(30, Duration.ofSeconds(3), Duration.ofMillis(3200)), standing);
    for (int i = 0; i < 100; i++) {
      urgent.countSteps(1);
    }
    assertEquals(
        new Standing(28, Duration.ofMillis(2800), Duration.ofSeconds(3)),
        CompletionEstimate.standing(CURVE, Batching.STEP, present, waiting));
  }

  @Test
  void whereNothingWasMeasured_thereIsAPlaceButNoTime() {
    Cohort waiting = cohort(10, 10, 0, 0);
    assertEquals(
        new Standing(30, null, null),
        CompletionEstimate.standing(
            CostCurve.assumed(4), Batching.STEP, List.of(cohort(50, 30, 1, 0), waiting), waiting));
  }

  @Test
  void whatNobodyCanWaitForIsStillATime() {
    Cohort endless = cohort(1000, Integer.MAX_VALUE, 1, 0);
    assertTrue(
        CompletionEstimate.of(CURVE, Batching.STEP, List.of(endless), endless)
                .compareTo(Duration.ofDays(49))
            > 0);
  }
}
