package dev.ancestral.trainer.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.trainer.data.DataOptions;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PointQualityTest {
  private final Dataset roll = Datasets.open("builtin:swiss-roll", DataOptions.DEFAULTS);

  @TempDir private Path directory;

  private List<float[]> firstOf(Dataset data, int count) {
    List<float[]> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] point = new float[2];
      data.sample(i, point);
      points.add(point);
    }
    return points;
  }

  @Test
  void realPointsAreAtZero_andNoiseIsFarAway_whereverTheReferenceComesFrom() throws IOException {
    StringBuilder csv = new StringBuilder();
    for (float[] point : firstOf(roll, 4000)) {
      csv.append(point[0]).append(' ').append(point[1]).append('\n');
    }
    Path file = Files.writeString(directory.resolve("roll.csv"), csv);
    Dataset table = Datasets.open("csv:" + file, DataOptions.DEFAULTS);
    List<PointQuality.Sampling> real =
        List.of(new PointQuality.Sampling("real", firstOf(roll, 2000)));
    for (Dataset data : List.of(roll, table)) {
      PointQuality quality = PointQuality.measure(data, real, 3);
      PointQuality.Row row = quality.rows().get(0);
      // Of 2000 points: the standard deviation is about 0.0004.
      assertEquals(0, row.samples(), 0.003, quality.table());
      assertEquals(0, row.data(), 0.003, quality.table());
      assertTrue(row.noise() > 0.03, quality.table());
    }
  }

  @Test
  void severalSamplings_haveARowEach_andAMean() {
    List<PointQuality.Sampling> samplings =
        List.of(
            new PointQuality.Sampling("one", firstOf(roll, 100)),
            new PointQuality.Sampling("two", firstOf(roll, 200)));
    PointQuality quality = PointQuality.measure(roll, samplings, 0);
    assertEquals(2, quality.rows().size());
    assertEquals(
        (quality.rows().get(0).samples() + quality.rows().get(1).samples()) / 2,
        quality.mean(PointQuality.Row::samples),
        1e-12);
    List<String> lines = quality.table().lines().toList();
    assertEquals(
        "energy distance, 2E|X-Y| - E|X-X'| - E|Y-Y'|, to builtin:swiss-roll, drawn afresh",
        lines.get(0));
    assertTrue(lines.get(2).startsWith("  one "), quality.table());
    assertTrue(lines.get(4).startsWith("  mean of 2 "), quality.table());
    assertTrue(
        quality.rows().get(0).data() != quality.rows().get(1).data(),
        "each row has real points of its own");
  }

  @Test
  void aHalfNeedsTwoPoints() throws IOException {
    Path file = Files.writeString(directory.resolve("few.csv"), "1,2\n3,4\n5,6\n");
    Dataset few = Datasets.open("csv:" + file, DataOptions.DEFAULTS);
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                PointQuality.measure(
                    few, List.of(new PointQuality.Sampling("x", firstOf(few, 3))), 0));
    assertEquals(
        "csv:" + file + ": 3 points (expected: at least 4, two in each half)", error.getMessage());
  }
}
