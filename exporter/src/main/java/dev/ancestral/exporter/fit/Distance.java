package dev.ancestral.exporter.fit;

/** How far two lots of samples are apart, pair by pair. */
final class Distance {
  private Distance() {}

  /** Root mean square difference over all numbers; NaN or infinite where one of them is. */
  static double between(float[][] a, float[][] b) {
    double sum = 0;
    for (int row = 0; row < a.length; row++) {
      sum += meanSquare(a[row], b[row]);
    }
    return Math.sqrt(sum / a.length);
  }

  /**
   * The mean over the pairs of each one's root mean square difference. A pair that ended apart, as
   * another digit, counts by its distance and not by its square, so it does not decide alone.
   */
  static double ofTypical(float[][] a, float[][] b) {
    double sum = 0;
    for (int row = 0; row < a.length; row++) {
      sum += Math.sqrt(meanSquare(a[row], b[row]));
    }
    return sum / a.length;
  }

  private static double meanSquare(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      double difference = (double) a[k] - b[k];
      sum += difference * difference;
    }
    return sum / a.length;
  }
}
