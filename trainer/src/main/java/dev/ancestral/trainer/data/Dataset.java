package dev.ancestral.trainer.data;

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
   * The class of a sample.
   *
   * @param index 0..size-1
   * @return an index into the class names; 0 where there are none
   */
  int label(int index);
}
