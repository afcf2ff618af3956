package dev.ancestral.trainer.quality;

/** What every measure expects of features. */
final class Rows {
  private Rows() {}

  /**
   * Checks features.
   *
   * @param name of them, for the error
   * @param like whose length they must have
   */
  static void require(String name, float[][] rows, float[][] like) {
    if (rows.length < 2) {
      throw new IllegalArgumentException(
          "%s: %d sample (expected: at least 2)".formatted(name, rows.length));
    }
    for (float[] row : rows) {
      if (row.length != like[0].length) {
        throw new IllegalArgumentException(
            "%s: %d features (expected: %d)".formatted(name, row.length, like[0].length));
      }
      for (float value : row) {
        if (!Float.isFinite(value)) {
          throw new IllegalArgumentException(
              "%s: a feature is %s (expected: finite)".formatted(name, value));
        }
      }
    }
  }
}
