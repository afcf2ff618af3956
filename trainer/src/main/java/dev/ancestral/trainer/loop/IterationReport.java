package dev.ancestral.trainer.loop;

/**
 * What one iteration said about itself.
 *
 * @param iteration from 1
 * @param loss the weighted mean over the rows
 * @param lossByQuarter the unweighted mean over the rows of each quarter of the timesteps, the one
 *     with least noise first; NaN where no row is in it
 * @param gradientNorm of all gradients together, before clipping
 * @param learningRate used
 * @param waiting which share of its time went by before it had a batch, 0..1
 * @param heldOutLoss of the averaged weights, where it was measured; else NaN
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
public record IterationReport(
    int iteration,
    double loss,
    double[] lossByQuarter,
    double gradientNorm,
    double learningRate,
    double waiting,
    double heldOutLoss) {
  /** Whether loss or gradient were not finite, so that nothing was updated. */
  public boolean isSkipped() {
    return !Double.isFinite(loss) || !Double.isFinite(gradientNorm);
  }

  /** This report with what was measured after it. */
  public IterationReport withHeldOutLoss(double measured) {
    return new IterationReport(
        iteration, loss, lossByQuarter, gradientNorm, learningRate, waiting, measured);
  }
}
