package dev.ancestral.trainer.network;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the data ask of a network, whatever its family.
 *
 * @param shape of one sample, without the batch: [C, H, W] for images
 * @param classEmbeddings how many labels can be told apart, the null label included; null for an
 *     unconditional network
 * @param timesteps T, for networks that look a timestep up
 * @param heads how many arrays of the sample's shape the network answers, one after the other along
 *     the first axis of a sample: 1 for the prediction, 2 for the prediction and a learned variance
 */
public record NetworkTask(
    List<Long> shape, @Nullable Integer classEmbeddings, int timesteps, int heads) {
  /** A task that asks for the prediction alone. */
  public NetworkTask(List<Long> shape, @Nullable Integer classEmbeddings, int timesteps) {
    this(shape, classEmbeddings, timesteps, 1);
  }

  /** Copies the shape. */
  public NetworkTask {
    shape = List.copyOf(shape);
    if (heads < 1 || heads > 2) {
      throw new IllegalArgumentException("heads: %d (expected: 1 or 2)".formatted(heads));
    }
    if (classEmbeddings != null && classEmbeddings < 1) {
      throw new IllegalArgumentException(
          "classEmbeddings: %d (expected: at least 1)".formatted(classEmbeddings));
    }
  }

  /** What the network answers along the first axis of a sample: channels, or features. */
  public int outputs() {
    return Math.multiplyExact(Math.toIntExact(shape.get(0)), heads);
  }
}
