package dev.ancestral.trainer.likelihood;

/** What a bound asks of a network. */
@FunctionalInterface
public interface Predictor {
  /**
   * One call of the network.
   *
   * @param noisy x_t of each row, row after row
   * @param timesteps t of each row
   * @param labels of each row
   * @return the output of every head, row after row
   */
  float[] predict(float[] noisy, float[] timesteps, long[] labels);
}
