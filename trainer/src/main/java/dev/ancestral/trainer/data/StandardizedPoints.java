package dev.ancestral.trainer.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Points of a file, as they are or with mean 0 and deviation 1, whichever was chosen. */
final class StandardizedPoints {
  private StandardizedPoints() {}

  /**
   * A data set of points.
   *
   * @param rows of one length, at least one
   * @param before what there is to say already
   */
  static Dataset of(
      String source,
      List<double[]> rows,
      List<String> before,
      DataOptions options,
      Opening opening) {
    List<String> remarks = new ArrayList<>(before);
    Standardization own = Standardization.of(rows);
    Standardization chosen = chosen(options, opening, own);
    if (chosen != null) {
      remarks.add(
          "warning: data.standardize took these out of the file's numbers: %s. The network learns, and every command and the server draw, what is left: %s"
              .formatted(chosen.words(), chosen.wayBack()));
    } else if (own.isNeeded()) {
      remarks.add(
          "warning: the numbers have %s, far from 0 and 1, which schedules and networks presume: data.standardize=true brings them there"
              .formatted(own.words()));
    }
    List<float[]> points =
        rows.stream().map(chosen == null ? StandardizedPoints::single : chosen::apply).toList();
    return new PointDataset(source, points, chosen, remarks);
  }

  /** As the run has it that goes on, else of these points; null for points as they are. */
  private static @Nullable Standardization chosen(
      DataOptions options, Opening opening, Standardization own) {
    if (options.standardize() == null || !options.standardize()) {
      return null;
    }
    DataDescription recorded = opening.recorded();
    Standardization before = recorded == null ? null : recorded.standardization();
    return before == null || before.mean().size() != own.mean().size() ? own : before;
  }

  private static float[] single(double[] point) {
    float[] numbers = new float[point.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) point[i];
    }
    return numbers;
  }
}
