package dev.ancestral.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.ancestral.trainer.config.FreezeConfig;
import java.util.Map;
import java.util.Set;

/** The weights that training leaves as they are: ones where a weight moves, zeros where not. */
final class Frozen {
  private final NDArray moves;
  private final NDArray stays;

  private Frozen(NDArray moves) {
    this.moves = moves;
    this.stays = moves.neg().add(1);
  }

  /**
   * What a configuration says of a network.
   *
   * @param manager owns the arrays
   * @param shapes names and shapes in the order of the flat weights
   */
  static Frozen of(NDManager manager, FreezeConfig config, Map<String, Shape> shapes) {
    Set<String> names = config.among(shapes.keySet());
    float[] mask =
        new float[Math.toIntExact(shapes.values().stream().mapToLong(Shape::size).sum())];
    int next = 0;
    for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
      float moves = names.contains(entry.getKey()) ? 0 : 1;
      for (long i = 0; i < entry.getValue().size(); i++) {
        mask[next++] = moves;
      }
    }
    return new Frozen(manager.create(mask));
  }

  /** Zeros the gradient of what is frozen, so that the norm is of the others. */
  void maskGradient(NDArray gradient) {
    gradient.muli(moves);
  }

  /** The part of the weights that must stay, with zeros elsewhere. */
  NDArray keep(NDArray weights, NDManager scratch) {
    NDArray kept = weights.mul(stays);
    kept.attach(scratch);
    return kept;
  }

  /** Puts back what {@link #keep} kept; the others are what they were, to the bit. */
  void putBack(NDArray weights, NDArray kept) {
    weights.muli(moves).addi(kept);
  }
}
