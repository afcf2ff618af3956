package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.sampler.Guidance;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BatchPlannerTest {
  private final float[] shared = new float[1];
  private final float[] predictions = new float[1];
  private CostCurve curve = CostCurve.assumed(2);
  private BatchPlanner planner = new BatchPlanner(new EngineLimits(2, 100));
  private RecordingListener listener = new RecordingListener();
  private double now;

  private void use(int maxRows, Batching batching) {
    curve = CostCurve.assumed(maxRows);
    planner = new BatchPlanner(new EngineLimits(maxRows, 100, batching, false));
  }

  private Cohort admit(int steps, int samples) {
    listener = new RecordingListener();
    return admit(Chains.request("ddim", steps, 1, samples, 0), 0);
  }

  private Cohort admitGuided(int steps, int samples) {
    ChainRequest request =
        Chains.guided(Chains.request("ddim", steps, 1, samples, 0), new Guidance(2, 0, 3));
    return admit(request, 0);
  }

  private Cohort admit(ChainRequest request, int priority) {
    Cohort cohort = new Cohort(request, new Urgency(priority, null), listener, 1, now);
    planner.admit(List.of(cohort));
    return cohort;
  }

  private List<Trajectory> plan() {
    Batch batch = planner.plan(curve);
    return IntStream.range(0, batch.size()).mapToObj(batch::get).toList();
  }

  private static List<Cohort> cohorts(List<Trajectory> batch) {
    return batch.stream().map(Trajectory::cohort).toList();
  }

  /** Runs one call; returns whose rows were in it. */
  private List<Cohort> call() {
    List<Trajectory> batch = plan();
    batch.forEach(trajectory -> trajectory.begin(shared));
    batch.forEach(trajectory -> trajectory.advance(predictions, 0, 1, shared));
    planner.retire();
    now += batch.isEmpty() ? 0 : curve.millis(batch.size());
    return cohorts(batch);
  }

  @Test
  void withoutRequestsThereIsNothingToRun() {
    assertEquals(List.of(), plan());
  }

  @Test
  void aCallHasNoMoreRowsThanAllowed() {
    admit(5, 7);
    assertEquals(2, plan().size());
  }

  @Test
  void theBatchGrowsWithTheBacklog_fromTheSizeNearThePeak() {
    use(16, Batching.STEP);
    int nearPeak = curve.nearPeakRows();
    assertTrue(nearPeak > 2 && nearPeak < 8, "near the peak: " + nearPeak);
    for (int waiting = 1; waiting <= 40; waiting++) {
      admit(9, 1);
      int half = (waiting + 1) / 2;
      assertEquals(
          Math.min(Math.min(16, waiting), Math.max(nearPeak, half)),
          plan().size(),
          waiting + " waiting");
    }
  }

  @Test
  void howeverMuchWaits_noMoreThanThePeaksRowsShareACall_butForATrialNowAndThen() {
    use(16, Batching.STEP);
    curve =
        new CostCurve(
            16,
            List.of(
                new CostCurve.Point(1, 9),
                new CostCurve.Point(4, 28),
                new CostCurve.Point(16, 134)));
    assertEquals(4, curve.peakRows());
    admit(9, 40);
    for (int call = 1; call <= 3 * StepBatching.CALLS_PER_TRIAL; call++) {
      assertEquals(call % StepBatching.CALLS_PER_TRIAL == 0 ? 16 : 4, plan().size());
    }
  }

  @Test
  void aCurveThatWasMeasuredInABadMinuteIsMendedWhileServing() {
    use(16, Batching.STEP);
    CostMeter meter =
        new CostMeter(
            new CostCurve(
                16,
                List.of(
                    new CostCurve.Point(1, 0.53),
                    new CostCurve.Point(4, 1.51),
                    new CostCurve.Point(8, 5.86),
                    new CostCurve.Point(16, 13.7))));
    assertEquals(4, meter.curve().peakRows());
    admit(9, 40);
    for (int call = 0; call < 100 * StepBatching.CALLS_PER_TRIAL; call++) {
      curve = meter.curve();
      int rows = plan().size();
      meter.observe(rows, 0.22 + 0.18 * rows);
    }
    assertEquals(16, meter.curve().peakRows());
    assertEquals(16, plan().size());
  }

  @Test
  void shortestRemainingGoesFirst() {
    Cohort longer = admit(9, 1);
    Cohort shorter = admit(3, 1);
    Cohort shortest = admit(2, 1);
    assertEquals(List.of(shortest, shorter), call());
    assertEquals(List.of(shortest, shorter), call());
    assertEquals(List.of(shorter, longer), call());
  }

  @Test
  void halfAsFarToGoOvertakesWhatCameWithinTheAgeing_andNothingBefore() {
    double overtaken = StepBatching.AGEING_ROW_STEPS * curve.peakMillisPerRow() * Math.log(2);
    Cohort early = admit(100, 2);
    now = overtaken * 0.99;
    Cohort late = admit(50, 1);
    assertEquals(List.of(late, early), cohorts(plan()));
    late.cancel();
    now = overtaken * 1.01;
    admit(50, 1);
    assertEquals(early, plan().get(0).cohort());
  }

  @Test
  void aHigherPriorityGoesFirst_howeverFarItHasToGo() {
    Cohort usual = admit(1, 1);
    Cohort urgent = admit(Chains.request("ddim", 900, 1, 1, 0), 1);
    Cohort unhurried = admit(Chains.request("ddim", 1, 1, 1, 0), -1);
    assertEquals(List.of(urgent, usual), call());
    assertEquals(List.of(urgent, unhurried), call());
  }

  @Test
  void theBatchGrowsWithTheBacklogOfTheHighestPriority_theOthersFillItUp() {
    use(16, Batching.STEP);
    admit(5, 100);
    assertEquals(16, plan().size());
    admit(Chains.request("ddim", 5, 1, 1, 0), 7);
    assertEquals(curve.nearPeakRows(), plan().size());
  }

  @Test
  void samplesOfOneRequestAreFinishedOneAfterTheOther() {
    admit(3, 4);
    assertEquals(List.of(0, 1), plan().stream().map(Trajectory::sample).toList());
  }

  @Test
  void aLargeRequestDoesNotKeepASmallOneWaiting() {
    admit(10, 50);
    call();
    Cohort small = admit(10, 1);
    int calls = 1;
    while (!call().contains(small)) {
      calls++;
    }
    assertTrue(calls <= 11, "began in call " + calls);
  }

  @Test
  void aLongChainIsDoneThoughShortOnesKeepComing() {
    Cohort longChain = admit(40, 1);
    int calls = 0;
    while (!longChain.isRetired()) {
      admit(1, 1);
      admit(1, 1);
      call();
      calls++;
      assertTrue(calls < 3000, "not done after " + calls + " calls");
    }
  }

  @Test
  void aCancelledRequestIsNotPlanned_andItsRowsLeave() {
    Cohort cancelled = admit(5, 3);
    Cohort other = admit(9, 1);
    cancelled.cancel();
    assertEquals(List.of(other), cohorts(plan()));
    assertEquals(3, planner.retire());
    assertEquals(0, planner.retire());
  }

  @Test
  void aGuidedSampleCountsAsTwoRows_andIsNeverSplit() {
    use(5, Batching.STEP);
    Cohort guided = admitGuided(5, 4);
    assertEquals(List.of(guided, guided), cohorts(plan()));
    Cohort plain = admit(1000, 1);
    assertEquals(List.of(guided, guided, plain), cohorts(plan()));
    assertEquals(5, planner.plan(curve).rows().size());
  }

  @Test
  void aGuidedSampleRunsEvenWhereACallHasOneRow() {
    planner = new BatchPlanner(new EngineLimits(1, 100));
    Cohort guided = admitGuided(5, 3);
    assertEquals(List.of(guided), cohorts(plan()));
    assertEquals(2, planner.plan(curve).rows().size());
  }

  @Test
  void byRequest_chainsOfEqualStepsRunTogether_andWhatComesWaits() {
    use(4, Batching.REQUEST);
    Cohort first = admit(3, 1);
    Cohort shorter = admit(2, 1);
    Cohort equal = admit(3, 1);
    assertEquals(List.of(first, equal), call());
    Cohort late = admit(3, 1);
    assertEquals(List.of(first, equal), call());
    assertEquals(List.of(first, equal), call());
    assertEquals(List.of(shorter), call());
    assertEquals(List.of(shorter), call());
    assertEquals(List.of(late), call());
  }

  @Test
  void byRequest_batchesHaveThePeaksSize() {
    use(4, Batching.REQUEST);
    Cohort large = admit(1, 6);
    Cohort small = admit(1, 1);
    assertEquals(List.of(large, large, large, large), call());
    assertEquals(List.of(large, large, small), call());
    assertEquals(List.of(), call());
  }

  @Test
  void byRequest_aReaderThatPausesDoesNotStopTheServer() {
    use(4, Batching.REQUEST);
    Cohort paused = admit(2, 1);
    RecordingListener reader = listener;
    Cohort equal = admit(2, 1);
    Cohort other = admit(3, 1);
    assertEquals(List.of(paused, equal), call());
    reader.mayStep = false;
    assertEquals(List.of(equal), call());
    assertEquals(List.of(other), call());
    reader.mayStep = true;
    assertEquals(List.of(other), call());
    assertEquals(List.of(other), call());
    assertEquals(List.of(paused), call());
  }
}
