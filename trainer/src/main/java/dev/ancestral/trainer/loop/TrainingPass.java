package dev.ancestral.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.ancestral.trainer.loss.NetworkPass;
import dev.ancestral.trainer.network.TangentNetwork;

/**
 * The network in training at the timesteps and labels of some rows of an update.
 *
 * @param block the network; a {@link TangentNetwork} if a tangent is asked for
 * @param store hands out its parameters
 * @param scratch owns every array of the pass
 * @param batch the rows
 */
record TrainingPass(Block block, ParameterStore store, NDManager scratch, TrainingBatch batch)
    implements NetworkPass {

  @Override
  public NDArray output(NDArray noisy) {
    return block.forward(store, inputs(noisy), true).singletonOrThrow();
  }

  @Override
  public Tangent tangent(NDArray noisy, NDArray direction) {
    NDList both =
        ((TangentNetwork) block).forwardWithTangent(store, inputs(noisy), direction, true);
    return new Tangent(both.get(0), both.get(1));
  }

  private NDList inputs(NDArray noisy) {
    return batch.inputs(scratch, noisy);
  }
}
