package dev.ancestral.trainer.data;

import dev.ancestral.bundle.DataSpec;
import java.util.List;

/**
 * Images held in memory as whole numbers 0..levels-1, mapped to the range when they are asked for.
 */
final class PixelDataset implements Dataset {
  /**
   * One image.
   *
   * @param pixels levels as unsigned bytes, channel by channel, row by row
   * @param label index into the class names; 0 where there are none
   */
  @SuppressWarnings("ArrayRecordComponent") // A carrier; nobody compares images.
  record Image(byte[] pixels, int label) {}

  private final DataDescription description;
  private final List<Image> images;
  private final float min;
  private final float scale;

  PixelDataset(
      String source,
      List<Long> shape,
      DataOptions.Range range,
      int levels,
      List<String> classNames,
      List<Image> images) {
    this.description =
        new DataDescription(
            source, new DataSpec(shape, range.min(), range.max(), levels), classNames);
    this.images = List.copyOf(images);
    this.min = (float) range.min();
    this.scale = (float) ((range.max() - range.min()) / (levels - 1));
  }

  @Override
  public DataDescription description() {
    return description;
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public void sample(int index, float[] out) {
    byte[] pixels = images.get(index).pixels();
    for (int i = 0; i < pixels.length; i++) {
      out[i] = min + scale * (pixels[i] & 0xFF);
    }
  }

  @Override
  public int label(int index) {
    return images.get(index).label();
  }
}
