package dev.ancestral.trainer.evaluate;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.data.DataOptions;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A folder that the command {@code sample} wrote for points: {@code samples.csv}. */
final class PointFolder {
  private static final String TABLE = "samples.csv";

  private PointFolder() {}

  /**
   * Reads the samples.
   *
   * @throws IllegalArgumentException if there are none, or they have another length than the data
   */
  static PointQuality.Sampling read(Path directory, DataSpec spec) {
    Path file = directory.resolve(TABLE);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "%s: holds no %s (expected: a folder that `sample` wrote)".formatted(directory, TABLE));
    }
    Dataset table = Datasets.open("csv:" + file, DataOptions.DEFAULTS);
    if (!table.description().spec().shape().equals(spec.shape())) {
      throw new IllegalArgumentException(
          "%s: %s numbers a line (expected: %s, as the data have)"
              .formatted(file, table.description().spec().shape().get(0), spec.shape().get(0)));
    }
    List<float[]> points = new ArrayList<>(table.size());
    for (int i = 0; i < table.size(); i++) {
      float[] point = new float[spec.elements()];
      table.sample(i, point);
      points.add(point);
    }
    return new PointQuality.Sampling(directory.toString(), points);
  }
}
