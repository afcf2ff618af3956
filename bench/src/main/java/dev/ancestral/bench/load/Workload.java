package dev.ancestral.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What arrives at a server in a stretch of time: a function of its seed. */
public final class Workload {
  private Workload() {}

  /**
   * Mixed requests at a share of what the server can do.
   *
   * @param stepsPerSecond what it can do, in steps of one row
   * @param share of that, such as 0.7
   */
  public static List<Arrival> mixed(
      Duration length, double stepsPerSecond, double share, long seed) {
    double perSecond = share * stepsPerSecond / Requests.meanMixedSteps();
    List<Duration> times = PoissonArrivals.within(length, perSecond, seed);
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < times.size(); i++) {
      arrivals.add(new Arrival(times.get(i), Requests.mixed(seed, i)));
    }
    return arrivals;
  }

  /** Steps in all, of one row each. */
  public static long steps(List<Arrival> arrivals) {
    return arrivals.stream().mapToLong(arrival -> arrival.request().getSteps()).sum();
  }
}
