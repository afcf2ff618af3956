package dev.ancestral.trainer.data;

/**
 * The size of an image as a person sees it.
 *
 * @param height in pixels
 * @param width in pixels
 */
record FileSize(int height, int width) {
  long pixels() {
    return (long) height * width;
  }

  /** What is left of its area when it is scaled to cover another size and cropped to that: 0..1. */
  double shareCovering(int otherHeight, int otherWidth) {
    double ratio = ((double) height * otherWidth) / ((double) width * otherHeight);
    return Math.min(ratio, 1 / ratio);
  }

  @Override
  public String toString() {
    return height + "×" + width;
  }
}
