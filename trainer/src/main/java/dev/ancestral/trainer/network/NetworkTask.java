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
 */
public record NetworkTask(List<Long> shape, @Nullable Integer classEmbeddings, int timesteps) {
  /** Copies the shape. */
  public NetworkTask {
    shape = List.copyOf(shape);
    if (classEmbeddings != null && classEmbeddings < 1) {
      throw new IllegalArgumentException(
          "classEmbeddings: %d (expected: at least 1)".formatted(classEmbeddings));
    }
  }
}
