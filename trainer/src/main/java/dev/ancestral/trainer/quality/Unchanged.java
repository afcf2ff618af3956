package dev.ancestral.trainer.quality;

import java.util.List;

/**
 * The samples' own numbers: for points, and for pictures of few of them.
 *
 * @param size numbers of each
 */
record Unchanged(int size) implements Features {
  @Override
  public float[][] of(List<float[]> samples) {
    return samples.stream().map(float[]::clone).toArray(float[][]::new);
  }

  @Override
  public String description() {
    return "the %d numbers themselves".formatted(size);
  }

  @Override
  public void close() {
    // Nothing is kept.
  }
}
