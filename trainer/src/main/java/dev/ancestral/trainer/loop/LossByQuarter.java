package dev.ancestral.trainer.loop;

/**
 * The mean loss of an update's rows in each quarter of the timesteps, 0..T/4 first, where there is
 * least noise: a loss hides in its mean that early and late timesteps learn different things.
 */
final class LossByQuarter {
  /** How many parts the timesteps are in. */
  static final int PARTS = 4;

  private LossByQuarter() {}

  /**
   * The means.
   *
   * @param losses of the rows, unweighted
   * @param count T
   * @return a mean for each quarter; NaN where no row is in it
   */
  static double[] of(int[] timesteps, float[] losses, int count) {
    double[] means = new double[PARTS];
    int[] rows = new int[PARTS];
    for (int row = 0; row < losses.length; row++) {
      int part = (int) ((long) timesteps[row] * PARTS / count);
      means[part] += losses[row];
      rows[part]++;
    }
    for (int part = 0; part < PARTS; part++) {
      means[part] /= rows[part];
    }
    return means;
  }
}
