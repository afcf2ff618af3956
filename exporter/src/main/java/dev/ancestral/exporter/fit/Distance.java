package dev.ancestral.exporter.fit;

/** How far two lots of samples are apart, pair by pair. */
final class Distance {
  private Distance() {}

  /** Root mean square difference over all numbers; NaN or infinite where one of them is. */
  static double between(float[][] a, float[][] b) {
    double sum = 0;
    long count = 0;
    for (int row = 0; row < a.length; row++) {
      for (int k = 0; k < a[row].length; k++) {
        double difference = (double) a[row][k] - b[row][k];
        sum += difference * difference;
      }
      count += a[row].length;
    }
    return Math.sqrt(sum / count);
  }
}
