package dev.ancestral.trainer.config;

import dev.ancestral.trainer.average.PowerFunction;

/** One average of the weights that training keeps beside them. */
public sealed interface Average {
  /** What it is called: {@code default}, a decay such as {@code 0.9999}, or {@code power:0.05}. */
  String name();

  /**
   * How much of it stays in one update.
   *
   * @param iteration from 1
   */
  double decayAt(int iteration);

  /** An exponential one, with the warm-up that all of a run have. */
  record Exponential(String name, EmaConfig ema, double maxDecay) implements Average {
    @Override
    public double decayAt(int iteration) {
      return ema.decayAt(iteration, maxDecay);
    }
  }

  /** A power-function one, from whose snapshots others can be reconstructed. */
  record Power(PowerFunction window) implements Average {
    /** How names of these begin. */
    public static final String PREFIX = "power:";

    @Override
    public String name() {
      return PREFIX + window.sigmaRel();
    }

    @Override
    public double decayAt(int iteration) {
      return window.decayAt(iteration);
    }
  }
}
