package dev.ancestral.bench.report;

import org.jspecify.annotations.Nullable;

/**
 * One row of the table.
 *
 * @param scenario its name
 * @param subject what was measured
 * @param quantity of the value
 * @param value null where it could not be measured; the note says why
 * @param against what it is compared with, if anything
 * @param note what else to know; may be empty
 */
public record Finding(
    String scenario,
    String subject,
    Quantity quantity,
    @Nullable Double value,
    @Nullable Comparison against,
    String note) {
  /** A value on its own. */
  public static Finding of(
      String scenario, String subject, Quantity quantity, double value, String note) {
    return new Finding(scenario, subject, quantity, value, null, note);
  }

  /** A value that could not be measured. */
  public static Finding missing(String scenario, String subject, Quantity quantity, String why) {
    return new Finding(scenario, subject, quantity, null, null, "not measured: " + why);
  }
}
