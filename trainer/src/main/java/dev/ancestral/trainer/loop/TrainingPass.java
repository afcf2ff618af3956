package dev.ancestral.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.ancestral.trainer.loss.NetworkPass;
import dev.ancestral.trainer.network.script.ScriptedNetwork;

/**
 * The network in training at the timesteps and labels of some rows of an update.
 *
 * @param network of a {@link dev.ancestral.trainer.network.TangentNetwork} if a tangent is asked
 *     for
 * @param weights of it, which gradients are collected for
 * @param scratch owns every array of the pass
 * @param batch the rows
 */
record TrainingPass(
    ScriptedNetwork network, NDArray weights, NDManager scratch, TrainingBatch batch)
    implements NetworkPass {

  @Override
  public NDArray output(NDArray noisy) {
    return network.forward(inputs(noisy), weights);
  }

  @Override
  public Tangent tangent(NDArray noisy, NDArray direction) {
    NDList both = network.forwardWithTangent(inputs(noisy), direction, weights);
    return new Tangent(both.get(0), both.get(1));
  }

  private NDList inputs(NDArray noisy) {
    return batch.inputs(scratch, noisy);
  }
}
