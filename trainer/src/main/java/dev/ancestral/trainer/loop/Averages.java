package dev.ancestral.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.ancestral.trainer.config.Average;
import dev.ancestral.trainer.network.FlatParameters;
import java.util.ArrayList;
import java.util.List;

/** The moving averages of the weights, each a flat array in their order. */
final class Averages {
  private final List<Average> kinds;
  private final List<NDArray> arrays = new ArrayList<>();

  /** Averages that equal the weights. */
  Averages(List<Average> kinds, NDArray weights) {
    this.kinds = kinds;
    for (int i = 0; i < kinds.size(); i++) {
      arrays.add(weights.duplicate());
    }
  }

  /**
   * Takes the weights of one more iteration in.
   *
   * @param iteration from 1
   * @param scratch owns what the computation needs
   */
  void update(NDArray weights, int iteration, NDManager scratch) {
    for (int i = 0; i < kinds.size(); i++) {
      NDArray average = arrays.get(i);
      NDArray difference = weights.sub(average);
      difference.attach(scratch);
      average.addi(difference.muli(1 - kinds.get(i).decayAt(iteration)));
    }
  }

  /** Copies of all. */
  List<float[]> state() {
    return arrays.stream().map(NDArray::toFloatArray).toList();
  }

  void restore(List<float[]> state) {
    for (int i = 0; i < arrays.size(); i++) {
      FlatParameters.copy(state.get(i), arrays.get(i));
    }
  }
}
