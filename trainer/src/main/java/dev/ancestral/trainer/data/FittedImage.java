package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.image.DecodedImage;

/**
 * An image brought to the data set's size, with what its file's samples were.
 *
 * @param planes gray if no pixel of the file has colour
 * @param white the sample that is white
 * @param smallest the smallest of its samples, 0..white
 * @param largest the largest
 */
record FittedImage(Planes planes, int white, int smallest, int largest) {
  static FittedImage of(DecodedImage image, ImageFitter fitter) {
    return new FittedImage(
        fitter.fit(Planes.of(image)), image.white(), image.smallest(), image.largest());
  }

  boolean isGray() {
    return planes.channels() == 1;
  }
}
