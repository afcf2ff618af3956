package dev.ancestral.trainer.data;

import java.util.List;

/**
 * An array of images.
 *
 * @param count how many there are
 * @param channelsLast whether an image stands pixel by pixel
 */
record ArrayShape(int count, int channels, int height, int width, boolean channelsLast) {
  static ArrayShape of(Layout layout, List<Long> shape) {
    int[] sides = shape.stream().mapToInt(Math::toIntExact).toArray();
    return switch (layout) {
      case NHW -> new ArrayShape(sides[0], 1, sides[1], sides[2], false);
      case NCHW -> new ArrayShape(sides[0], sides[1], sides[2], sides[3], false);
      case NHWC -> new ArrayShape(sides[0], sides[3], sides[1], sides[2], true);
      case NF -> throw new IllegalArgumentException("layout: nf (expected: images)");
    };
  }

  /** Numbers of an image. */
  int elements() {
    return Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }

  /** As a sample has it. */
  List<Long> sample() {
    return List.of((long) channels, (long) height, (long) width);
  }

  /** Where in the file's image the number stands that is at this place channel by channel. */
  int place(int index) {
    if (!channelsLast) {
      return index;
    }
    int plane = height * width;
    return index % plane * channels + index / plane;
  }
}
