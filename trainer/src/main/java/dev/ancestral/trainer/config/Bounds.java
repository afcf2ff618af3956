package dev.ancestral.trainer.config;

import java.util.function.Predicate;

/**
 * Which values of a type a setting may have.
 *
 * @param fits whether a value may be had
 * @param expectation the same in words, such as {@code at least 1}
 */
public record Bounds<T>(Predicate<T> fits, String expectation) {
  /** Whole numbers from {@code floor} on. */
  public static Bounds<Integer> atLeast(int floor) {
    return new Bounds<>(value -> value >= floor, "at least " + floor);
  }

  /** Whole numbers from {@code floor} to {@code ceiling}, both included. */
  public static Bounds<Integer> between(int floor, int ceiling) {
    return new Bounds<>(
        value -> value >= floor && value <= ceiling, "%d to %d".formatted(floor, ceiling));
  }

  /** Finite numbers from {@code floor} on. */
  public static Bounds<Double> atLeast(double floor) {
    return new Bounds<>(
        value -> value >= floor && Double.isFinite(value), "at least " + plain(floor));
  }

  /** Finite numbers above {@code floor}. */
  public static Bounds<Double> above(double floor) {
    return new Bounds<>(value -> value > floor && Double.isFinite(value), "above " + plain(floor));
  }

  /** Shares: from 0 on, below 1. */
  public static Bounds<Double> share() {
    return new Bounds<>(value -> value >= 0 && value < 1, "0 up to 1");
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
