package dev.ancestral.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.ancestral.v1.SampleRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static final Duration LONG = Duration.ofHours(10);
  private static final long SEED = 5;

  @Test
  void whatArrivesIsTheShareOfWhatCanBeDone() {
    List<Arrival> arrivals = Workload.mixed(LONG, 100, 0.7, SEED);
    double perSecond = Workload.steps(arrivals) / (double) LONG.toSeconds();
    assertEquals(70, perSecond, 2);
  }

  @Test
  void everyStepCountIsAsLikelyAsAnother() {
    List<Arrival> arrivals = Workload.mixed(LONG, 100, 0.7, SEED);
    Map<Integer, Integer> counts = new TreeMap<>();
    arrivals.forEach(arrival -> counts.merge(arrival.request().getSteps(), 1, Integer::sum));
    assertEquals(List.of(10, 25, 50, 100, 250), List.copyOf(counts.keySet()));
    double each = arrivals.size() / 5.0;
    counts.forEach((steps, count) -> assertEquals(each, count, 0.05 * each, steps + " steps"));
  }

  @Test
  void halfOfTheRequestsDrawNoiseAtEachStep() {
    List<Arrival> arrivals = Workload.mixed(LONG, 100, 0.7, SEED);
    long stochastic = arrivals.stream().filter(arrival -> arrival.request().getEta() == 1).count();
    assertEquals(0.5, stochastic / (double) arrivals.size(), 0.02);
  }

  @Test
  void theSameSeedGivesTheSameRequestsAtTheSameTimes() {
    assertEquals(Workload.mixed(LONG, 1, 0.5, SEED), Workload.mixed(LONG, 1, 0.5, SEED));
    assertNotEquals(Workload.mixed(LONG, 1, 0.5, SEED), Workload.mixed(LONG, 1, 0.5, SEED + 1));
  }

  @Test
  void aRequestForEveryFrameLeavesNoneOut() {
    SampleRequest request = Requests.withEveryFrame(Requests.ofSteps(7, SEED));
    assertEquals(1, request.getFrames().getEvery());
    assertEquals(true, request.getFrames().getLossless());
    assertEquals(7, request.getSteps());
  }
}
