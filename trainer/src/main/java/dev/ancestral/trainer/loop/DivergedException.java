package dev.ancestral.trainer.loop;

/** The loss or its gradient is not a number any more; the weights are those before the update. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int iteration;

  DivergedException(int iteration, double loss, double gradientNorm) {
    super(
        "training diverged at iteration %d: loss %s, gradient norm %s (try a smaller training.learning_rate)"
            .formatted(iteration, loss, gradientNorm));
    this.iteration = iteration;
  }

  /** The iteration that was not done. */
  public int iteration() {
    return iteration;
  }
}
