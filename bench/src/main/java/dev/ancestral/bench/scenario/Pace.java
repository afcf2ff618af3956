package dev.ancestral.bench.scenario;

import java.time.Duration;

/**
 * How long everything is measured.
 *
 * @param name what the report calls it
 * @param rounds how often contestants are measured in turns
 * @param warmUp of a closed loop before it is measured
 * @param window in which a closed loop is measured
 * @param stretches how often an open loop is run, each with its own seed
 * @param stretch in which requests of an open loop arrive
 * @param grace after that, for those that are not done
 * @param chainSteps steps of a request where they are all alike
 * @param kernelTime of one of a kernel's iterations
 */
public record Pace(
    String name,
    int rounds,
    Duration warmUp,
    Duration window,
    int stretches,
    Duration stretch,
    Duration grace,
    int chainSteps,
    Duration kernelTime) {
  /** A few minutes in all: shows that everything works, and about how fast. */
  public static final Pace QUICK =
      new Pace(
          "quick",
          3,
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          1,
          Duration.ofSeconds(40),
          Duration.ofSeconds(40),
          25,
          Duration.ofMillis(200));

  /** About an hour: enough requests for a 99th percentile. */
  public static final Pace FULL =
      new Pace(
          "full",
          7,
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          3,
          Duration.ofSeconds(240),
          Duration.ofSeconds(120),
          50,
          Duration.ofSeconds(1));
}
