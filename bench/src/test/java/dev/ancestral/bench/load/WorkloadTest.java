package dev.ancestral.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.ancestral.v1.SampleRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {
  private static final Duration LONG = Duration.ofHours(10);
  private static final long SEED = 5;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatArrivesIsTheShareOfWhatCanBeDone_howeverFewTheRequests(long seed) {
    Duration length = Duration.ofSeconds(80);
    List<Arrival> arrivals = Workload.mixed(length, 100, 0.7, seed);
    Duration last = arrivals.get(arrivals.size() - 1).at();
    // The clock stops between the last arrival and the one that comes too late.
    double perSecond = Workload.steps(arrivals) / (last.toNanos() / 1e9);
    assertEquals(70, perSecond, 10);
  }

  @Test
  void overALongTimeArrivalsLastAsLongAsTheyWereToldTo() {
    List<Arrival> arrivals = Workload.mixed(LONG, 100, 0.7, SEED);
    double seconds = LONG.toSeconds();
    double last = arrivals.get(arrivals.size() - 1).at().toMillis() / 1e3;
    assertEquals(1, Workload.steps(arrivals) / (70 * seconds), 0.02);
    assertEquals(1, last / seconds, 0.02);
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
