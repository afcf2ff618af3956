package dev.ancestral.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.trainer.loss.NetworkPass;
import dev.ancestral.trainer.loss.TrainingRows;
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
    float[] timesteps = new float[batch.rows()];
    for (int row = 0; row < timesteps.length; row++) {
      timesteps[row] = batch.timesteps()[row];
    }
    NDList inputs = new NDList(noisy, scratch.create(timesteps));
    if (batch.labels().length > 0) {
      inputs.add(scratch.create(batch.labels()));
    }
    return inputs;
  }

  /**
   * The rows as a loss sees them.
   *
   * @param sample shape of one
   * @param seed of what a loss draws
   * @param iteration from 1
   * @param first place of the first row in the whole update
   */
  TrainingRows rows(Shape sample, long seed, int iteration, int first) {
    return new TrainingRows(
        scratch,
        sample,
        batch.timesteps(),
        batch.x0(),
        batch.noise(),
        batch.noisy(),
        batch.targets(),
        purpose -> draw(seed, purpose, iteration, first));
  }

  private float[] draw(long seed, NoisePurpose purpose, int iteration, int first) {
    float[] numbers = new float[batch.x0().length];
    int elements = numbers.length / batch.rows();
    for (int row = 0; row < batch.rows(); row++) {
      GaussianNoise.fill(numbers, row * elements, elements, seed, purpose, iteration, first + row);
    }
    return numbers;
  }
}
