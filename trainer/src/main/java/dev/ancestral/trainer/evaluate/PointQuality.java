package dev.ancestral.trainer.evaluate;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.quality.EnergyDistance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Energy distances of points to the data they were meant to look like, a row for each sampling.
 *
 * @param reference what they are compared with, in words
 * @param rows at least one
 */
record PointQuality(String reference, List<Row> rows) {
  /** Beyond this many, the pairs take longer than the figure gains. */
  private static final int MOST_REAL = 10_000;

  /**
   * Points to judge.
   *
   * @param name of the sampling
   * @param points at least two
   */
  record Sampling(String name, List<float[]> points) {}

  /**
   * Distances to one set of real points.
   *
   * @param name of the sampling
   * @param points how many it has
   * @param samples distance of the sampling
   * @param data of other real points: what a perfect model would get
   * @param noise of standard normal noise: what a chain starts from
   */
  record Row(String name, int points, double samples, double data, double noise) {}

  private record RealPoints(List<float[]> reference, List<float[]> others) {}

  /**
   * Measures; each row has real points of its own, so that the mean over the rows averages their
   * chance too.
   *
   * @param data the points the model was trained on; drawn afresh where that is possible, else
   *     split in two halves at random
   * @param samplings at least one, each of the data's length
   * @param seed of the draws and splits
   */
  static PointQuality measure(Dataset data, List<Sampling> samplings, long seed) {
    List<Row> rows = new ArrayList<>();
    boolean known = data.drawAfresh(1, seed).isPresent();
    for (Sampling sampling : samplings) {
      List<float[]> points = sampling.points();
      int count = Math.min(MOST_REAL, points.size());
      RealPoints real = real(data, count, seed, rows.size());
      List<float[]> reference = real.reference();
      rows.add(
          new Row(
              sampling.name(),
              points.size(),
              EnergyDistance.between(points, reference),
              EnergyDistance.between(real.others(), reference),
              EnergyDistance.between(noise(data, count, seed, rows.size()), reference)));
    }
    String source = data.description().source();
    return new PointQuality(
        known ? source + ", drawn afresh" : "one half of " + source + "; data: the other half",
        List.copyOf(rows));
  }

  private static RealPoints real(Dataset data, int count, long seed, int row) {
    long first = seed + 2L * row;
    Optional<List<float[]>> fresh = data.drawAfresh(count, first);
    Optional<List<float[]>> more = data.drawAfresh(count, first + 1);
    if (fresh.isPresent() && more.isPresent()) {
      return new RealPoints(fresh.get(), more.get());
    }
    if (data.size() < 4) {
      throw new IllegalArgumentException(
          "%s: %d points (expected: at least 4, two in each half)"
              .formatted(data.description().source(), data.size()));
    }
    int[] order = new PhiloxRandom(seed, NoisePurpose.DATA, 0, row).permutation(data.size());
    int half = Math.min(MOST_REAL, data.size() / 2);
    return new RealPoints(
        points(data, Arrays.copyOf(order, half)),
        points(data, Arrays.copyOfRange(order, half, 2 * half)));
  }

  private static List<float[]> points(Dataset data, int[] indices) {
    List<float[]> points = new ArrayList<>(indices.length);
    for (int index : indices) {
      float[] point = new float[data.description().spec().elements()];
      data.sample(index, point);
      points.add(point);
    }
    return points;
  }

  private static List<float[]> noise(Dataset data, int count, long seed, int row) {
    List<float[]> points = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float[] point = new float[data.description().spec().elements()];
      GaussianNoise.fill(point, seed + row, NoisePurpose.INITIAL, i, 0);
      points.add(point);
    }
    return points;
  }

  /** The mean of a column. */
  double mean(ToDoubleFunction<Row> column) {
    return rows.stream().mapToDouble(column).average().orElseThrow();
  }

  /** A table for people. */
  String table() {
    StringBuilder out = new StringBuilder();
    out.append("energy distance, 2E|X-Y| - E|X-X'| - E|Y-Y'|, to ").append(reference).append('\n');
    line(out, "  %-28s %8s %10s %10s %10s", "", "points", "samples", "data", "noise");
    for (Row row : rows) {
      figures(
          out, row.name(), Integer.toString(row.points()), row.samples(), row.data(), row.noise());
    }
    if (rows.size() > 1) {
      figures(
          out,
          "mean of %d".formatted(rows.size()),
          "",
          mean(Row::samples),
          mean(Row::data),
          mean(Row::noise));
    }
    return out.toString();
  }

  private static void figures(
      StringBuilder out, String name, String points, double samples, double data, double noise) {
    line(out, "  %-28s %8s %10.5f %10.5f %10.5f", name, points, samples, data, noise);
  }

  private static void line(StringBuilder out, String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
