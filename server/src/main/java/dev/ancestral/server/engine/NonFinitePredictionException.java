package dev.ancestral.server.engine;

/** The network gave one row a value that is not finite; its request fails, its neighbours go on. */
public final class NonFinitePredictionException extends EngineException {
  private static final long serialVersionUID = 1L;

  /** Names the row. */
  public NonFinitePredictionException(int sample, int step, double timestep) {
    super(
        "prediction: not finite for sample %d at step %d (timestep %s); the chain cannot go on"
            .formatted(sample, step, timestep));
  }
}
