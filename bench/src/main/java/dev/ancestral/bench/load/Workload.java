package dev.ancestral.bench.load;

import dev.ancestral.v1.SampleRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What arrives at a server in a stretch of time: a function of its seed. */
public final class Workload {
  private static final double NANOS = 1e9;

  private Workload() {}

  /**
   * Mixed requests at a share of what the server can do. Arrivals are Poisson's, and their clock is
   * then set so that the steps that arrive are that share exactly: of a hundred requests the sum
   * would be off by a tenth, and 95 % be more than can be done.
   *
   * @param length about how long they arrive
   * @param stepsPerSecond what it can do, in steps of one row
   * @param share of that, such as 0.7
   */
  public static List<Arrival> mixed(
      Duration length, double stepsPerSecond, double share, long seed) {
    double perSecond = share * stepsPerSecond / Requests.meanMixedSteps();
    List<Duration> times = PoissonArrivals.within(length, perSecond, seed);
    List<SampleRequest> requests =
        IntStream.range(0, times.size()).mapToObj(i -> Requests.mixed(seed, i)).toList();
    double expected = share * stepsPerSecond * (length.toNanos() / NANOS);
    double clock = requests.stream().mapToInt(SampleRequest::getSteps).sum() / expected;
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < times.size(); i++) {
      Duration at = Duration.ofNanos((long) (times.get(i).toNanos() * clock));
      arrivals.add(new Arrival(at, requests.get(i)));
    }
    return arrivals;
  }

  /** Steps in all, of one row each. */
  public static long steps(List<Arrival> arrivals) {
    return arrivals.stream().mapToLong(arrival -> arrival.request().getSteps()).sum();
  }
}
