package dev.ancestral.trainer.data;

/** Which levels images use of those that their files have. Not thread-safe. */
final class UsedLevels {
  private double darkest = 1;
  private double brightest;
  private int white;
  private int largest;
  private int coloured;

  void add(FittedImage image) {
    darkest = Math.min(darkest, (double) image.smallest() / image.white());
    brightest = Math.max(brightest, (double) image.largest() / image.white());
    white = Math.max(white, image.white());
    largest = Math.max(largest, image.largest());
    coloured += image.isGray() ? 0 : 1;
  }

  /** The darkest sample, as a part of white. */
  double darkest() {
    return darkest;
  }

  /** The brightest sample, as a part of white. */
  double brightest() {
    return brightest;
  }

  /** How many of the images have colour. */
  int coloured() {
    return coloured;
  }

  /** What makes them brighter, where the upper bits of every sample are empty. */
  String fewerBits() {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(largest, 1));
    int nearest = (1 << bits) - 1;
    return nearest >= white
        ? ""
        : ": data.bits=%d makes %d white instead of %d".formatted(bits, nearest, white);
  }
}
