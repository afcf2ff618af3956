package dev.ancestral.diffusion.sampler;

/** What keeps each estimate of x0 near the data's range. */
public sealed interface Clipping permits NoClipping, ClipRange, DynamicThreshold {
  /** Estimates are left as they are. */
  Clipping NONE = NoClipping.INSTANCE;

  /**
   * Clips one sample's estimate in place.
   *
   * @param x0 the whole row, any shape
   */
  void apply(float[] x0);

  /** What it does, in a few words, such as {@code -1.0..1.0}. */
  String words();
}
