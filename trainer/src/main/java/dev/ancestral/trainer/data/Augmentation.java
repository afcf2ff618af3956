package dev.ancestral.trainer.data;

import dev.ancestral.bundle.DataSpec;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Random changes of a training image that leave it one of its kind, so that few images go further.
 * What is drawn later looks like the changed images: mirrored digits are none.
 *
 * @param horizontalFlip whether every image is mirrored left to right with probability ½
 * @param verticalFlip whether every image is turned upside down with probability ½
 * @param translation how far an image is moved at most, in pixels, in each direction; its edge is
 *     repeated into the gap
 */
public record Augmentation(boolean horizontalFlip, boolean verticalFlip, int translation) {
  /** Every image as it is. */
  public static final Augmentation NONE = new Augmentation(false, false, 0);

  /** Checks the bound that holds for every image. */
  public Augmentation {
    if (translation < 0) {
      throw new IllegalArgumentException(
          "data.augmentation.translation: %d (expected: at least 0)".formatted(translation));
    }
  }

  /** What it does, in one line; that of an older version where nothing is turned upside down. */
  public String inWords() {
    return "horizontal flip %s, %stranslation up to %d pixels"
        .formatted(
            horizontalFlip ? "on" : "off", verticalFlip ? "vertical flip on, " : "", translation);
  }

  /**
   * Refuses what cannot be done to these samples.
   *
   * @throws IllegalArgumentException for points, and for a translation that could move an image out
   *     of sight
   */
  public void requireFits(DataDescription data) {
    if (equals(NONE)) {
      return;
    }
    List<Long> shape = data.spec().shape();
    if (shape.size() != 3) {
      throw new IllegalArgumentException(
          "data.augmentation: is for images (expected: none for %s)".formatted(data.source()));
    }
    long most = Math.min(shape.get(1), shape.get(2)) - 1;
    if (translation > most) {
      throw new IllegalArgumentException(
          "data.augmentation.translation: %d (expected: 0..%d for images of %d×%d)"
              .formatted(translation, most, shape.get(1), shape.get(2)));
    }
  }

  /**
   * Changes one sample in place.
   *
   * @param sample [C, H, W], row-major
   * @param random decides; the same numbers change the same image in the same way
   */
  public void apply(float[] sample, DataSpec spec, RandomGenerator random) {
    boolean mirrored = horizontalFlip && random.nextBoolean();
    boolean upsideDown = verticalFlip && random.nextBoolean();
    int right = translation == 0 ? 0 : random.nextInt(-translation, translation + 1);
    int down = translation == 0 ? 0 : random.nextInt(-translation, translation + 1);
    if (!mirrored && !upsideDown && right == 0 && down == 0) {
      return;
    }
    int height = Math.toIntExact(spec.shape().get(1));
    int width = Math.toIntExact(spec.shape().get(2));
    float[] before = sample.clone();
    for (int i = 0; i < sample.length; i++) {
      int plane = i / (height * width);
      int y = Math.min(Math.max(i / width % height - down, 0), height - 1);
      int x = Math.min(Math.max(i % width - right, 0), width - 1);
      int fromY = upsideDown ? height - 1 - y : y;
      int fromX = mirrored ? width - 1 - x : x;
      sample[i] = before[(plane * height + fromY) * width + fromX];
    }
  }
}
