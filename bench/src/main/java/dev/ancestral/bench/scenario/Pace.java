package dev.ancestral.bench.scenario;

import java.time.Duration;

/**
 * How long everything is measured.
 *
 * @param name what the report calls it
 * @param rounds how often long measurements are taken in turns
 * @param loop a long measurement
 * @param pairs how often short measurements are taken in turns: where a difference of a few percent
 *     counts, many short ones say more than a few long ones
 * @param turn a short measurement
 * @param settling how long servers run before their capacity is measured
 * @param capacity a measurement of the capacity
 * @param capacityTurns the most of them
 * @param mixed the mixed loads
 * @param chainSteps steps of a request where they are all alike
 * @param kernelTime of one of a kernel's iterations
 */
public record Pace(
    String name,
    int rounds,
    Window loop,
    int pairs,
    Window turn,
    Duration settling,
    Window capacity,
    int capacityTurns,
    MixedPace mixed,
    int chainSteps,
    Duration kernelTime) {
  /** Shows that everything works, and about how fast. */
  public static final Pace QUICK =
      new Pace(
          "quick",
          3,
          Window.millis(1_500, 4_000),
          6,
          Window.millis(1_000, 2_500),
          Duration.ofSeconds(5),
          Window.millis(2_000, 6_000),
          4,
          new MixedPace(2, Duration.ofSeconds(40), Duration.ofSeconds(40)),
          25,
          Duration.ofMillis(200));

  /** Enough rounds for narrow intervals. */
  public static final Pace FULL =
      new Pace(
          "full",
          9,
          Window.millis(3_000, 10_000),
          24,
          Window.millis(1_500, 5_000),
          Duration.ofSeconds(20),
          Window.millis(3_000, 15_000),
          8,
          new MixedPace(6, Duration.ofMinutes(8), Duration.ofSeconds(120)),
          50,
          Duration.ofSeconds(1));

  /** The same with mixed loads of this length. */
  public Pace withMixed(Duration all) {
    return new Pace(
        name,
        rounds,
        loop,
        pairs,
        turn,
        settling,
        capacity,
        capacityTurns,
        mixed.lasting(all),
        chainSteps,
        kernelTime);
  }
}
