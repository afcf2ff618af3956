package dev.ancestral.trainer.evaluate;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.quality.Classifier;
import dev.ancestral.trainer.quality.LabelledSamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Samples beside real images.
 *
 * @param trainedOn real images the classifier has seen
 * @param real what the classifier thinks of real images it has not seen; null for data without
 *     classes
 * @param drawn what it thinks of the samples; null for data without classes
 * @param realNearest held-out real images against the other real ones
 * @param drawnNearest the samples against the real images
 */
record SampleQuality(
    int trainedOn,
    @Nullable Confidence real,
    @Nullable Confidence drawn,
    NearestImages realNearest,
    NearestImages drawnNearest) {
  private static final int HELD_OUT_FRACTION = 5;
  private static final int MOST_HELD_OUT = 1000;

  /**
   * Measures.
   *
   * @param data the images the model was trained on, at least two
   * @param samples at least one
   * @param seed of the split and of the classifier
   */
  static SampleQuality measure(Dataset data, Images samples, long seed) {
    if (data.size() < 2) {
      throw new IllegalArgumentException(
          "data: %d image (expected: at least 2, to hold one out)".formatted(data.size()));
    }
    int[] order = new PhiloxRandom(seed, NoisePurpose.DATA, 0, 0).permutation(data.size());
    int held = Math.min(MOST_HELD_OUT, Math.max(1, data.size() / HELD_OUT_FRACTION));
    int[] heldOut = Arrays.copyOf(order, held);
    int[] rest = Arrays.copyOfRange(order, held, order.length);
    Images real = images(data, heldOut);
    int[] nobody = new int[samples.pixels().size()];
    Arrays.fill(nobody, -1);
    NearestImages realNearest = NearestImages.find(real.pixels(), heldOut, data);
    NearestImages drawnNearest = NearestImages.find(samples.pixels(), nobody, data);
    if (!data.description().isLabelled()) {
      return new SampleQuality(0, null, null, realNearest, drawnNearest);
    }
    try (Classifier classifier = Classifier.train(LabelledSamples.of(data, rest), seed)) {
      return new SampleQuality(
          rest.length,
          Confidence.of(classifier, real),
          Confidence.of(classifier, samples),
          realNearest,
          drawnNearest);
    }
  }

  private static Images images(Dataset data, int[] indices) {
    List<float[]> pixels = new ArrayList<>(indices.length);
    List<Integer> labels = new ArrayList<>(indices.length);
    for (int index : indices) {
      float[] image = new float[data.description().spec().elements()];
      data.sample(index, image);
      pixels.add(image);
      labels.add(data.label(index));
    }
    return new Images(pixels, labels);
  }

  /** A table for people. */
  String table() {
    StringBuilder out = new StringBuilder();
    if (real != null && drawn != null) {
      line(out, "a classifier trained on %d real images", trainedOn);
      line(out, "  %-14s %8s %18s %14s", "", "images", "mean confidence", "label right");
      row(out, "held-out real", real);
      row(out, "samples", drawn);
    }
    line(out, "distance to the nearest training image (root mean square, in the data's range)");
    line(out, "  %-14s %18s %14s", "", "smallest", "median");
    row(out, "held-out real", realNearest);
    row(out, "samples", drawnNearest);
    if (drawnNearest.equal() == 0) {
      line(out, "no sample equals a training image");
    } else {
      line(out, "samples that equal a training image: %d", drawnNearest.equal());
    }
    return out.toString();
  }

  private static void row(StringBuilder out, String name, Confidence confidence) {
    Double right = confidence.labelRight();
    line(
        out,
        "  %-14s %8d %18.4f %14s",
        name,
        confidence.images(),
        confidence.mean(),
        right == null ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * right));
  }

  private static void row(StringBuilder out, String name, NearestImages nearest) {
    line(out, "  %-14s %18.4f %14.4f", name, nearest.smallest(), nearest.median());
  }

  private static void line(StringBuilder out, String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
