package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class BatchPlannerTest {
  private final BatchPlanner planner = new BatchPlanner(new EngineLimits(2, 100));
  private final Trajectory.Scratch scratch = new Trajectory.Scratch(1);
  private final float[] predictions = new float[2];

  private Cohort admit(int steps, int samples) {
    Cohort cohort =
        new Cohort(Chains.request("ddim", steps, 1, samples, 0), new RecordingListener(), 1);
    planner.admit(List.of(cohort));
    return cohort;
  }

  /** Runs one call; returns whose rows were in it. */
  private List<Cohort> call() {
    List<Trajectory> batch = planner.plan();
    batch.forEach(trajectory -> trajectory.begin(scratch));
    batch.forEach(trajectory -> trajectory.advance(predictions, 0, scratch));
    List<Cohort> cohorts = batch.stream().map(Trajectory::cohort).toList();
    planner.retire();
    return cohorts;
  }

  @Test
  void withoutRequestsThereIsNothingToRun() {
    assertEquals(List.of(), planner.plan());
  }

  @Test
  void aCallHasNoMoreRowsThanAllowed() {
    admit(5, 7);
    assertEquals(2, planner.plan().size());
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
  void samplesOfOneRequestAreFinishedOneAfterTheOther() {
    admit(3, 4);
    List<Integer> first = planner.plan().stream().map(Trajectory::sample).toList();
    assertEquals(List.of(0, 1), first);
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
      assertTrue(calls < 200, "not done after " + calls + " calls");
    }
  }

  @Test
  void aCancelledRequestIsNotPlanned_andItsRowsLeave() {
    Cohort cancelled = admit(5, 3);
    Cohort other = admit(9, 1);
    cancelled.cancel();
    assertEquals(List.of(other), planner.plan().stream().map(Trajectory::cohort).toList());
    assertEquals(3, planner.retire());
    assertEquals(0, planner.retire());
  }
}
