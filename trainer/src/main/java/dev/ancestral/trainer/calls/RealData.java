package dev.ancestral.trainer.calls;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.quality.LabelledSamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Real samples of two kinds that have none in common: those that everything is compared with, and
 * others, which are as good as samples can be. Points are drawn afresh where their distribution is
 * known; else the data are halved by chance.
 *
 * @param reference at least two
 * @param others at least two
 * @param otherLabels the class of each other one; none where they were drawn afresh
 * @param words what the reference is
 */
@SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
record RealData(List<float[]> reference, List<float[]> others, int[] otherLabels, String words) {
  /** Beyond it a reference gains less than its measuring takes. */
  private static final int MOST_REFERENCE = 5000;

  /** Each side needs more than the neighbours of its manifold. */
  private static final int LEAST = 20;

  /**
   * Draws both.
   *
   * @param count how many others are wanted at most
   * @param seed of the draw or the halves
   * @throws IllegalArgumentException if there are too few data
   */
  static RealData of(Dataset data, int count, long seed) {
    String source = data.description().source();
    Optional<List<float[]>> reference = data.drawAfresh(MOST_REFERENCE, seed);
    Optional<List<float[]>> others = data.drawAfresh(count, seed + 1);
    if (reference.isPresent() && others.isPresent()) {
      return new RealData(
          reference.get(),
          others.get(),
          new int[] {},
          "%d points of %s, drawn afresh".formatted(MOST_REFERENCE, source));
    }
    if (data.size() < LEAST) {
      throw new IllegalArgumentException(
          "%s: %d samples (expected: at least %d, to halve them)"
              .formatted(source, data.size(), LEAST));
    }
    int[] order = new PhiloxRandom(seed, NoisePurpose.DATA, 0, 0).permutation(data.size());
    int half = data.size() / 2;
    int first = Math.min(MOST_REFERENCE, half);
    LabelledSamples one = LabelledSamples.of(data, Arrays.copyOf(order, first));
    LabelledSamples other =
        LabelledSamples.of(data, Arrays.copyOfRange(order, half, half + Math.min(count, half)));
    int[] labels = new int[other.size()];
    Arrays.setAll(labels, other::label);
    return new RealData(
        all(one),
        all(other),
        labels,
        "%d of the %d samples of %s".formatted(first, data.size(), source));
  }

  private static List<float[]> all(LabelledSamples samples) {
    List<float[]> all = new ArrayList<>(samples.size());
    for (int i = 0; i < samples.size(); i++) {
      all.add(samples.sample(i));
    }
    return all;
  }
}
