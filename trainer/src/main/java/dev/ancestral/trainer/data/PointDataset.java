package dev.ancestral.trainer.data;

import dev.ancestral.bundle.DataSpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Points held in memory: continuous, without classes. */
final class PointDataset implements Dataset {
  /** Draws points of a known distribution. */
  @FunctionalInterface
  interface Distribution {
    /** Other points for every seed. */
    List<float[]> draw(int count, long seed);
  }

  private final DataDescription description;
  private final List<float[]> points;
  private final @Nullable Distribution distribution;

  private final List<String> remarks;

  /**
   * Points that nobody knows more of.
   *
   * @param points of one length, at least one of them, not all numbers alike
   * @param standardization that they went through; null if they are as they were found
   * @param remarks lines for people
   */
  PointDataset(
      String source,
      List<float[]> points,
      @Nullable Standardization standardization,
      List<String> remarks) {
    this(source, points, standardization, remarks, null);
  }

  /**
   * Points of a known distribution.
   *
   * @param points as above
   */
  PointDataset(String source, List<float[]> points, Distribution distribution) {
    this(source, points, null, List.of(), distribution);
  }

  private PointDataset(
      String source,
      List<float[]> points,
      @Nullable Standardization standardization,
      List<String> remarks,
      @Nullable Distribution distribution) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (float[] point : points) {
      for (float value : point) {
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    if (!(min < max)) {
      throw new IllegalArgumentException(
          "%s: every number is %s (expected: points that differ)".formatted(source, min));
    }
    this.description =
        new DataDescription(
            source,
            new DataSpec(List.of((long) points.get(0).length), min, max, 0),
            List.of(),
            standardization,
            null);
    this.points = List.copyOf(points);
    this.remarks = List.copyOf(remarks);
    this.distribution = distribution;
  }

  @Override
  public DataDescription description() {
    return description;
  }

  @Override
  public int size() {
    return points.size();
  }

  @Override
  public List<String> remarks() {
    return remarks;
  }

  @Override
  public void sample(int index, float[] out) {
    float[] point = points.get(index);
    System.arraycopy(point, 0, out, 0, point.length);
  }

  @Override
  public int label(int index) {
    return 0;
  }

  @Override
  public Optional<List<float[]>> drawAfresh(int count, long seed) {
    return Optional.ofNullable(distribution).map(known -> known.draw(count, seed));
  }
}
