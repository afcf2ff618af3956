package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.npy.NpyArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images of numbers that are no levels. */
final class NumberDataset implements Dataset {
  private final DataDescription description;
  private final NpyArray array;
  private final ArrayShape shape;
  private final @Nullable Scale scale;
  private final int[] labels;
  private final List<String> remarks;

  /**
   * What the smallest and the largest number become.
   *
   * @param min the smallest
   * @param max the largest, above it
   */
  record Scale(double min, double max, DataOptions.Range range) {
    float apply(double number) {
      double part = (number - min) / (max - min);
      return (float) (range.min() + part * (range.max() - range.min()));
    }
  }

  /**
   * Of an array.
   *
   * @param scale null for the numbers as they are
   * @param labels one for each image
   */
  NumberDataset(
      DataDescription description,
      NpyArray array,
      ArrayShape shape,
      @Nullable Scale scale,
      int[] labels,
      List<String> remarks) {
    this.description = description;
    this.array = array;
    this.shape = shape;
    this.scale = scale;
    this.labels = labels;
    this.remarks = List.copyOf(remarks);
  }

  @Override
  public DataDescription description() {
    return description;
  }

  @Override
  public int size() {
    return shape.count();
  }

  @Override
  public void sample(int index, float[] out) {
    double[] numbers = new double[shape.elements()];
    array.read((long) index * numbers.length, numbers);
    for (int i = 0; i < numbers.length; i++) {
      double number = numbers[shape.place(i)];
      out[i] = scale == null ? (float) number : scale.apply(number);
    }
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public List<String> remarks() {
    return remarks;
  }
}
