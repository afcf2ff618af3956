package dev.ancestral.trainer.data;

import dev.ancestral.bundle.DataSpec;
import java.util.List;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * Images of whole numbers 0..levels-1, mapped to the range when they are asked for. A larger image
 * than the data set's is seen in part: its centre, or a part that chance chooses.
 */
final class PixelDataset implements Dataset {
  /**
   * One image.
   *
   * @param planes levels, at least as large as the data set's images
   * @param label index into the class names; 0 where there are none
   */
  record Image(Planes planes, int label) {}

  private final DataDescription description;
  private final IntFunction<Planes> images;
  private final int[] labels;
  private final List<String> remarks;
  private final int height;
  private final int width;
  private final float min;
  private final float scale;

  /** Of images in memory. */
  PixelDataset(DataDescription description, List<Image> images, List<String> remarks) {
    this(
        description,
        i -> images.get(i).planes(),
        images.stream().mapToInt(Image::label).toArray(),
        remarks);
  }

  /**
   * Of images anywhere.
   *
   * @param images gives one by its number; for any thread
   * @param labels one for each image
   */
  PixelDataset(
      DataDescription description, IntFunction<Planes> images, int[] labels, List<String> remarks) {
    DataSpec spec = description.spec();
    this.description = description;
    this.images = images;
    this.labels = labels.clone();
    this.remarks = List.copyOf(remarks);
    this.height = Math.toIntExact(spec.shape().get(1));
    this.width = Math.toIntExact(spec.shape().get(2));
    this.min = (float) spec.min();
    this.scale = (float) ((spec.max() - spec.min()) / (spec.levels() - 1));
  }

  @Override
  public DataDescription description() {
    return description;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public List<String> remarks() {
    return remarks;
  }

  @Override
  public void sample(int index, float[] out) {
    fill(images.apply(index).centre(height, width), out);
  }

  /** Draws nothing for an image of the data set's own size. */
  @Override
  public void sample(int index, RandomGenerator random, float[] out) {
    Planes planes = images.apply(index);
    int down = planes.height() - height;
    int right = planes.width() - width;
    int top = down == 0 ? 0 : random.nextInt(down + 1);
    int left = right == 0 ? 0 : random.nextInt(right + 1);
    fill(planes.window(top, left, height, width), out);
  }

  private void fill(Planes planes, float[] out) {
    byte[] pixels = planes.pixels();
    for (int i = 0; i < pixels.length; i++) {
      out[i] = min + scale * (pixels[i] & 0xFF);
    }
  }

  @Override
  public int label(int index) {
    return labels[index];
  }
}
