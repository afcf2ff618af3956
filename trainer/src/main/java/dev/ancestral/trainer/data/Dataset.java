package dev.ancestral.trainer.data;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Samples by index. Immutable once opened, so safe to read from any thread; the same source gives
 * the same samples in the same order.
 */
public interface Dataset {
  /** What every sample has in common. */
  DataDescription description();

  /** How many samples there are, at least one. */
  int size();

  /**
   * Copies one sample.
   *
   * @param index 0..size-1
   * @param out receives the numbers of one sample, row by row of its shape
   */
  void sample(int index, float[] out);

  /**
   * Copies one sample as training sees it once, where that is left to chance.
   *
   * @param random decides; the same numbers give the same sample
   * @param out as for {@link #sample(int, float[])}
   */
  default void sample(int index, RandomGenerator random, float[] out) {
    sample(index, out);
  }

  /**
   * The class of a sample.
   *
   * @param index 0..size-1
   * @return an index into the class names; 0 where there are none
   */
  int label(int index);

  /** Lines for people: what was decided, counted and left out when these data were opened. */
  default List<String> remarks() {
    return List.of();
  }

  /**
   * More samples of the distribution that these were drawn from, none of them among these.
   *
   * @param count at least 1
   * @param seed of the draw
   * @return empty where nothing is known of the distribution but these samples
   */
  default Optional<List<float[]>> drawAfresh(int count, long seed) {
    return Optional.empty();
  }
}
