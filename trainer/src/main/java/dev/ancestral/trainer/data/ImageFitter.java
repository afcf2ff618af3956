package dev.ancestral.trainer.data;

/**
 * Brings an image of any size to the size of the data set.
 *
 * @param height in pixels
 * @param width in pixels
 * @param fit how
 * @param padding what is beside an image that is smaller, where {@code fit} leaves room
 */
record ImageFitter(int height, int width, Fit fit, Padding padding) {
  /** Of the data set's size; of a larger one, to be cropped later, for {@link Fit#RANDOM_CROP}. */
  Planes fit(Planes image) {
    return switch (fit) {
      case COVER -> covering(image).centre(height, width);
      case RANDOM_CROP -> covering(image);
      case STRETCH -> Resampling.resize(image, height, width);
      case CONTAIN -> padded(contained(image));
    };
  }

  private Planes covering(Planes image) {
    double scale = Math.max((double) width / image.width(), (double) height / image.height());
    return Resampling.resize(
        image,
        Math.max(height, (int) Math.round(scale * image.height())),
        Math.max(width, (int) Math.round(scale * image.width())));
  }

  private Planes contained(Planes image) {
    double scale = Math.min((double) width / image.width(), (double) height / image.height());
    return Resampling.resize(
        image,
        Math.min(height, Math.max(1, (int) Math.round(scale * image.height()))),
        Math.min(width, Math.max(1, (int) Math.round(scale * image.width()))));
  }

  private Planes padded(Planes image) {
    int top = (height - image.height()) / 2;
    int left = (width - image.width()) / 2;
    byte[] pixels = new byte[image.channels() * height * width];
    for (int i = 0; i < pixels.length; i++) {
      int channel = i / (height * width);
      int y = i / width % height - top;
      int x = i % width - left;
      int nearestY = Math.min(Math.max(y, 0), image.height() - 1);
      int nearestX = Math.min(Math.max(x, 0), image.width() - 1);
      boolean outside = y != nearestY || x != nearestX;
      pixels[i] =
          (byte)
              switch (outside ? padding : Padding.EDGE) {
                case WHITE -> 255;
                case BLACK -> 0;
                case EDGE -> image.level(channel, nearestY, nearestX);
              };
    }
    return new Planes(image.channels(), height, width, pixels);
  }
}
