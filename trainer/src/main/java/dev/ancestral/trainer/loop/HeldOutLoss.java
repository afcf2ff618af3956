package dev.ancestral.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.Augmentation;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.loss.Loss;
import dev.ancestral.trainer.loss.NetworkPass;
import dev.ancestral.trainer.network.script.ScriptedNetwork;
import org.jspecify.annotations.Nullable;

/**
 * The loss on a fixed set of (sample, timestep, noise) that training never draws, so that the
 * weights of different iterations can be compared by it. The samples are of the training data, as
 * they are; timesteps are spread evenly. Not thread-safe.
 */
public final class HeldOutLoss {
  private final Loss loss;
  private final TrainingBatch set;
  private final Shape sample;
  private final int rowsOfAPass;
  private final long seed;

  /**
   * Draws the set.
   *
   * @param loss what training minimises
   * @param conditioning the classes; null for an unconditional network
   */
  public HeldOutLoss(
      TrainingConfig config, Dataset data, Loss loss, @Nullable Conditioning conditioning) {
    this.loss = loss;
    this.sample = new Shape(data.description().spec().dimensions());
    this.rowsOfAPass = config.training().batch();
    this.seed =
        new PhiloxRandom(config.training().seed(), NoisePurpose.EVALUATION, 0, 0).nextLong();
    int count = config.output().heldOut();
    int[] timesteps = new int[count];
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      timesteps[i] = (int) ((i + 0.5) * config.schedule().timesteps() / count);
      weights[i] = 1;
    }
    ForwardProcess forward = ForwardProcess.of(config, Math.toIntExact(sample.get(0)));
    this.set =
        TrainingBatch.of(
            new SampleSource(
                    data, Augmentation.NONE, forward, new Labels(conditioning, 0), count, seed)
                .batch(1),
            timesteps,
            weights,
            forward);
  }

  /**
   * How much of the heap a set takes: x0, noise, x_t and targets.
   *
   * @param elements of a sample
   */
  public static long bytes(TrainingConfig config, long elements) {
    return 4L * Float.BYTES * config.output().heldOut() * elements;
  }

  /**
   * The mean loss of a network, which is not in training.
   *
   * @param manager below which arrays live until it is known
   * @param network with its weights
   */
  public double of(NDManager manager, ScriptedNetwork network) {
    double sum = 0;
    for (int from = 0; from < set.rows(); from += rowsOfAPass) {
      TrainingBatch rows = set.slice(from, Math.min(set.rows(), from + rowsOfAPass));
      try (NDManager scratch = manager.newSubManager()) {
        Pass pass = new Pass(network, scratch, rows);
        for (float one :
            loss.rows().of(rows.rows(scratch, sample, seed, 1, from), pass).toFloatArray()) {
          sum += one;
        }
      }
    }
    return sum / set.rows();
  }

  private record Pass(ScriptedNetwork network, NDManager scratch, TrainingBatch batch)
      implements NetworkPass {
    @Override
    public NDArray output(NDArray noisy) {
      return network.predict(batch.inputs(scratch, noisy));
    }

    @Override
    public Tangent tangent(NDArray noisy, NDArray direction) {
      NDList both = network.predictWithTangent(batch.inputs(scratch, noisy), direction);
      return new Tangent(both.get(0), both.get(1));
    }
  }
}
