package dev.ancestral.trainer.loop;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.data.Augmentation;
import dev.ancestral.trainer.data.Dataset;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes the samples of an update as a pure function of (seed, iteration): which ones, how they are
 * changed, which noise, which labels are dropped. Safe for several threads.
 *
 * <p>Epochs follow one another without a gap, so a batch may hold the end of one and the start of
 * the next; a data set smaller than a batch is met several times in it.
 */
final class SampleSource {
  /** Batches in the making are of one epoch, or of two where one ends. */
  private static final int EPOCHS = 2;

  private final Dataset data;
  private final Augmentation augmentation;
  private final ForwardProcess forward;
  private final Labels labels;
  private final int rows;
  private final long seed;
  private final int elements;
  private final Map<Long, int[]> orders = new LinkedHashMap<>();

  /**
   * A source.
   *
   * @param forward which draws the noise
   * @param rows samples of one update
   */
  SampleSource(
      Dataset data,
      Augmentation augmentation,
      ForwardProcess forward,
      Labels labels,
      int rows,
      long seed) {
    this.data = data;
    this.augmentation = augmentation;
    this.forward = forward;
    this.labels = labels;
    this.rows = rows;
    this.seed = seed;
    this.elements = data.description().spec().elements();
  }

  /** Samples of one update. */
  int rows() {
    return rows;
  }

  /** What they take, samples and noise together. */
  long bytes() {
    return bytes(rows, elements);
  }

  /** What so many samples of so many elements take, with their noise. */
  static long bytes(int rows, long elements) {
    return 2L * Float.BYTES * rows * elements;
  }

  /**
   * The samples of one iteration.
   *
   * @param iteration from 1
   */
  SampleBatch batch(int iteration) {
    SampleBatch batch =
        new SampleBatch(
            new long[labels.conditional() ? rows : 0],
            new float[rows * elements],
            new float[rows * elements]);
    PhiloxRandom drops = new PhiloxRandom(seed, NoisePurpose.LABEL_DROPOUT, iteration, 0);
    float[] x0 = new float[elements];
    float[] noise = new float[elements];
    for (int row = 0; row < rows; row++) {
      int sample = sampleAt((long) (iteration - 1) * rows + row);
      PhiloxRandom changes = new PhiloxRandom(seed, NoisePurpose.AUGMENTATION, iteration, row);
      data.sample(sample, changes, x0);
      augmentation.apply(x0, data.description().spec(), changes);
      forward.noise(noise, seed, iteration, row);
      if (labels.conditional()) {
        batch.labels()[row] = labels.choose(data.label(sample), drops);
      }
      System.arraycopy(x0, 0, batch.x0(), row * elements, elements);
      System.arraycopy(noise, 0, batch.noise(), row * elements, elements);
    }
    return batch;
  }

  /** The sample at a place in the endless row of shuffled epochs. */
  private int sampleAt(long position) {
    return order(position / data.size())[(int) (position % data.size())];
  }

  /** Made once for all threads, and forgotten when later ones are met. */
  private synchronized int[] order(long epoch) {
    int[] order = orders.get(epoch);
    if (order == null) {
      order =
          new PhiloxRandom(seed, NoisePurpose.SHUFFLE, Math.toIntExact(epoch), 0)
              .permutation(data.size());
      orders.put(epoch, order);
      if (orders.size() > EPOCHS) {
        orders.remove(orders.keySet().iterator().next());
      }
    }
    return order;
  }
}
