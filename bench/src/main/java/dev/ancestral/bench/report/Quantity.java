package dev.ancestral.bench.report;

/** What kind of number was measured: its unit, and which way is better. */
public enum Quantity {
  /** How long something takes. */
  MILLISECONDS("ms", false),
  /** How long something small takes. */
  MICROSECONDS("µs", false),
  /** Steps of one row that are done in a second. */
  STEPS_PER_SECOND("steps/s", true),
  /** Samples that are done in a second. */
  SAMPLES_PER_SECOND("samples/s", true),
  /** Memory. */
  MEBIBYTES("MiB", false),
  /** A part of a whole that several contend for. */
  PERCENT("%", true),
  /** A number of things that should not happen. */
  COUNT("", false);

  private final String unit;
  private final boolean moreIsBetter;

  Quantity(String unit, boolean moreIsBetter) {
    this.unit = unit;
    this.moreIsBetter = moreIsBetter;
  }

  /** Its unit; empty for a plain number. */
  public String unit() {
    return unit;
  }

  /** How many times as good as the reference a value is: above 1 is better, whatever the unit. */
  public double timesAsGood(double value, double reference) {
    return moreIsBetter ? value / reference : reference / value;
  }
}
