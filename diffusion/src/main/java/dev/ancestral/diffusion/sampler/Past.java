package dev.ancestral.diffusion.sampler;

/**
 * What a step reads of its chain's history: a factor for each of the three newest entries, of which
 * each earlier step left one.
 *
 * @param h1 factor of what the step before left
 * @param h2 factor of the entry before that
 * @param h3 factor of the entry before that
 */
public record Past(double h1, double h2, double h3) {
  /** The most entries that a step reads. */
  public static final int MOST = 3;

  /** Reads none. */
  public static final Past NONE = new Past(0, 0, 0);

  /** How far back it reads: the number of entries up to the oldest one with a factor. */
  public int depth() {
    if (h3 != 0) {
      return 3;
    }
    return h2 != 0 ? 2 : h1 != 0 ? 1 : 0;
  }

  /**
   * The factor of an entry.
   *
   * @param entry 0 is the newest
   */
  public double factor(int entry) {
    return switch (entry) {
      case 0 -> h1;
      case 1 -> h2;
      case 2 -> h3;
      default ->
          throw new IllegalArgumentException(
              "entry: %d (expected: 0..%d)".formatted(entry, MOST - 1));
    };
  }
}
