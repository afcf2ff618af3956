package dev.ancestral.trainer.loop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a run carries from one iteration to the next, on the host; each array is in the order
 * of the network's flat parameters.
 *
 * @param iteration iterations done
 * @param weights of the network
 * @param averages of them, in the order of {@link
 *     dev.ancestral.trainer.config.EmaConfig#averages()}
 * @param mean the optimizer's first moment
 * @param square the optimizer's second moment
 * @param history what the choice of timesteps has learned; null if it learns nothing
 * @param guard what is remembered of batches that were skipped
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
public record TrainingState(
    int iteration,
    float[] weights,
    List<float[]> averages,
    float[] mean,
    float[] square,
    @Nullable LossHistory history,
    Guard guard) {
  /** Copies the list, not the arrays. */
  public TrainingState {
    averages = List.copyOf(averages);
  }

  /** The average that pictures are drawn with. */
  public float[] ema() {
    return averages.get(0);
  }
}
