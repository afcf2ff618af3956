package dev.ancestral.exporter.fit;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import org.jspecify.annotations.Nullable;

/**
 * Where chains start: x_T in units of its standard deviation, and the label, one a chain. Chain i
 * of a use has the noise of (seed; {@link NoisePurpose#INITIAL}, index {@code use.first + i}), as a
 * served sample of that index would.
 *
 * @param noise [chain][element]
 * @param labels one a chain; zeros without classes
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Draws(float[][] noise, long[] labels) {
  /** What chains are for. No two uses share one. */
  enum Use {
    /** The factors are solved on these. */
    FIT(0),
    /** Paired distances to the teacher. */
    HELD_OUT(1_000_000),
    /** What is compared with data, and the teacher's of the same seeds. */
    COMPARISON(2_000_000),
    /** The teacher's, in place of data. */
    REFERENCE(3_000_000),
    /** One of several chains of as many calls is chosen by these. */
    CHOICE(4_000_000);

    private final int first;

    Use(int first) {
      this.first = first;
    }
  }

  /**
   * Draws starts.
   *
   * @param from index of the first one among those of this use
   * @param elements of a sample
   * @param classes of the model, whose labels come in turn; null if it has none
   * @param guided whether the chains are guided; if not, the null label is among the others
   */
  static Draws of(
      Use use,
      int from,
      int chains,
      int elements,
      @Nullable Conditioning classes,
      boolean guided,
      long seed) {
    float[][] noise = new float[chains][elements];
    long[] labels = new long[chains];
    int known = classes == null ? 1 : classes.numClasses();
    if (classes != null && classes.nullLabel() != null && !guided) {
      known++;
    }
    for (int i = 0; i < chains; i++) {
      GaussianNoise.fill(noise[i], seed, NoisePurpose.INITIAL, use.first + from + i, 0);
      labels[i] = (from + (long) i) % known;
    }
    return new Draws(noise, labels);
  }

  int size() {
    return labels.length;
  }

  /** x_T of this standard deviation: new arrays. */
  float[][] start(double scale) {
    float[][] x = new float[noise.length][];
    for (int i = 0; i < x.length; i++) {
      x[i] = noise[i].clone();
      for (int k = 0; k < x[i].length; k++) {
        x[i][k] *= (float) scale;
      }
    }
    return x;
  }
}
