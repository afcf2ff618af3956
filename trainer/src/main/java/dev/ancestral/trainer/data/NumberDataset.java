package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.npy.NpyArray;
import java.util.List;

/** Images of numbers that are no levels. */
final class NumberDataset implements Dataset {
  private final DataDescription description;
  private final NpyArray array;
  private final ArrayShape shape;
  private final Scaling scaling;
  private final DataOptions.Range range;
  private final int[] labels;
  private final List<String> remarks;

  /**
   * Of an array.
   *
   * @param scaling of the file's numbers to the range
   * @param labels one for each image
   */
  NumberDataset(
      DataDescription description,
      NpyArray array,
      ArrayShape shape,
      Scaling scaling,
      int[] labels,
      List<String> remarks) {
    this.description = description;
    this.array = array;
    this.shape = shape;
    this.scaling = scaling;
    this.range = new DataOptions.Range(description.spec().min(), description.spec().max());
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
      out[i] = scaling.apply(numbers[shape.place(i)], range);
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
