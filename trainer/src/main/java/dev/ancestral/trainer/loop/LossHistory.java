package dev.ancestral.trainer.loop;

/**
 * The last losses at each timestep.
 *
 * @param depth how many are remembered of each
 * @param counts how many there are of each, 0..depth; [T]
 * @param losses oldest first, 0 where there is none yet; [T, depth]
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
public record LossHistory(int depth, float[] counts, float[] losses) {
  /** Checks that the sizes fit. */
  public LossHistory {
    if (losses.length != counts.length * depth) {
      throw new IllegalArgumentException(
          "history of losses: %d (expected: %d for each of %d timesteps)"
              .formatted(losses.length, depth, counts.length));
    }
  }

  /** An empty history. */
  static LossHistory empty(int timesteps, int depth) {
    return new LossHistory(depth, new float[timesteps], new float[timesteps * depth]);
  }

  /** T. */
  int timesteps() {
    return counts.length;
  }

  LossHistory copy() {
    return new LossHistory(depth, counts.clone(), losses.clone());
  }

  /** Remembers one more, and forgets the oldest of a full row. */
  void add(int timestep, float loss) {
    int start = timestep * depth;
    int count = (int) counts[timestep];
    if (count == depth) {
      System.arraycopy(losses, start + 1, losses, start, depth - 1);
      losses[start + depth - 1] = loss;
    } else {
      losses[start + count] = loss;
      counts[timestep] = count + 1;
    }
  }

  /** Whether every timestep has its full number. */
  boolean isFull() {
    for (float count : counts) {
      if (count < depth) {
        return false;
      }
    }
    return true;
  }

  /** √E[L_t²] over what is remembered. */
  double rootMeanSquare(int timestep) {
    double sum = 0;
    for (int i = timestep * depth; i < (timestep + 1) * depth; i++) {
      sum += (double) losses[i] * losses[i];
    }
    return Math.sqrt(sum / depth);
  }
}
