package dev.ancestral.diffusion.sampler;

/**
 * Classifier-free guidance (Ho and Salimans 2022, eq. 6) with rescaling (Lin et al. 2024, eq. 15
 * and 16): of what the network predicts for one state with its label and with the null label,
 *
 * <pre>
 * m  = m_null + w·(m_label - m_null)
 * m' = φ·m·std(m_label)/std(m) + (1-φ)·m
 * </pre>
 *
 * with the standard deviation over the row. A variance half is not guided: the label's is used.
 *
 * @param weight w; 1 is the label's prediction itself, more leans away from the null label's
 * @param rescale φ, 0..1; against the contrast that a large weight adds
 * @param nullLabel the label that means "no class"
 */
public record Guidance(double weight, double rescale, int nullLabel) {
  /** The largest magnitude of w: beyond it a prediction is noise, far beyond it not finite. */
  public static final double MAX_WEIGHT = 100;

  /** Checks weight and rescale. */
  public Guidance {
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException("guidance: %s (expected: finite)".formatted(weight));
    }
    if (!(rescale >= 0 && rescale <= 1)) {
      throw new IllegalArgumentException(
          "guidance_rescale: %s (expected: 0..1)".formatted(rescale));
    }
  }

  /**
   * Checks a weight and a rescale that somebody wrote down.
   *
   * @param section where they stand, such as {@code recommended.}
   * @throws IllegalArgumentException naming the field, the value and the expectation
   */
  public static void requireValid(String section, double weight, double rescale) {
    if (!(Math.abs(weight) <= MAX_WEIGHT)) {
      throw new IllegalArgumentException(
          "%sguidance_weight: %s (expected: -100..100)".formatted(section, weight));
    }
    if (!(rescale >= 0 && rescale <= 1)) {
      throw new IllegalArgumentException(
          "%sguidance_rescale: %s (expected: 0..1)".formatted(section, rescale));
    }
    if (rescale != 0 && weight == 1) {
      throw new IllegalArgumentException(
          "%sguidance_rescale: %s (expected: 0, or a guidance_weight other than 1)"
              .formatted(section, rescale));
    }
  }

  /** Whether a sample of this label needs the null label's prediction besides its own. */
  public boolean appliesTo(int label) {
    return weight != 1 && label != nullLabel;
  }

  /**
   * Turns the label's prediction into the guided one, in place.
   *
   * @param output both predictions
   * @param labelled where the label's starts; becomes m'
   * @param unlabelled where the null label's starts
   * @param length of each, without a variance half
   */
  public void apply(float[] output, int labelled, int unlabelled, int length) {
    double labelledDeviation = rescale == 0 ? 0 : deviation(output, labelled, length);
    float w = (float) weight;
    for (int i = 0; i < length; i++) {
      float m = output[unlabelled + i];
      output[labelled + i] = m + w * (output[labelled + i] - m);
    }
    double deviation = rescale == 0 ? 0 : deviation(output, labelled, length);
    // A prediction that is the same everywhere has no contrast to take back.
    if (deviation > 0) {
      float factor = (float) (rescale * labelledDeviation / deviation + (1 - rescale));
      for (int i = 0; i < length; i++) {
        output[labelled + i] *= factor;
      }
    }
  }

  private static double deviation(float[] values, int offset, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += values[offset + i];
    }
    double mean = sum / length;
    double squares = 0;
    for (int i = 0; i < length; i++) {
      double difference = values[offset + i] - mean;
      squares += difference * difference;
    }
    return Math.sqrt(squares / length);
  }
}
