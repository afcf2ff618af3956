package dev.ancestral.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.ancestral.trainer.config.OptimizerConfig;

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2) on one flat array, in place. Its moments are its
 * own, so that they can be saved.
 */
final class AdamW {
  private static final double EPSILON = 1e-8;

  private final OptimizerConfig config;
  private final NDArray weights;
  private final NDArray mean;
  private final NDArray square;

  /**
   * An optimizer whose moments are zero.
   *
   * @param manager owns the moments
   * @param weights what it updates
   */
  AdamW(NDManager manager, OptimizerConfig config, NDArray weights) {
    this.config = config;
    this.weights = weights;
    this.mean = manager.zeros(weights.getShape());
    this.square = manager.zeros(weights.getShape());
  }

  NDArray mean() {
    return mean;
  }

  NDArray square() {
    return square;
  }

  /**
   * One update.
   *
   * @param gradient in the weights' order; used up
   * @param iteration from 1
   * @param rate of learning
   */
  void update(NDArray gradient, int iteration, double rate) {
    double correction1 = 1 - Math.pow(config.beta1(), iteration);
    double correction2 = 1 - Math.pow(config.beta2(), iteration);
    mean.muli(config.beta1()).addi(gradient.mul(1 - config.beta1()));
    square.muli(config.beta2()).addi(gradient.square().muli(1 - config.beta2()));
    NDArray divisor = owned(gradient, square.sqrt());
    divisor.divi(Math.sqrt(correction2)).addi(EPSILON);
    weights.muli(1 - rate * config.weightDecay());
    weights.subi(owned(gradient, mean.div(divisor)).muli(rate / correction1));
  }

  /** Lets what was derived from a lasting array end with the iteration. */
  private static NDArray owned(NDArray gradient, NDArray derived) {
    derived.attach(gradient.getManager());
    return derived;
  }
}
