package dev.ancestral.trainer.data;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.data.npy.NpyArray;
import dev.ancestral.trainer.data.npy.NpyFile;
import dev.ancestral.trainer.data.npy.NumberType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Samples of numpy: {@code .npy}, or {@code .npz} with labels. Bytes are levels of images, as those
 * of files are; other numbers are taken as they are, unless {@code data.range} says what the
 * smallest and the largest become. They stay on the disc.
 */
final class NumpyArrays {
  private static final int MOST_CLASSES = 100_000;
  private static final int FEW_CHANNELS = 4;
  private static final int CLASSES_SHOWN = 20;

  private final Path file;
  private final DataOptions options;
  private final List<String> remarks = new ArrayList<>();

  private NumpyArrays(Path file, DataOptions options) {
    this.file = file;
    this.options = options;
  }

  /** Whether a file's name is that of one. */
  static boolean isOne(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".npy") || name.endsWith(".npz");
  }

  static Dataset open(Path file, DataOptions options, Opening opening) throws IOException {
    options.requireNoFolderOptions(file.toString());
    return new NumpyArrays(file, options).read(opening);
  }

  private Dataset read(Opening opening) throws IOException {
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
      return dataset(NpyFile.array(file), null, opening);
    }
    Map<String, NpyArray> arrays = NpyFile.arrays(file);
    ArrayNames names = ArrayNames.of(file, arrays);
    NpyArray labels = names.labels() == null ? null : whole(arrays, names.labels());
    say(
        "arrays",
        "samples %s, labels %s"
            .formatted(names.samples(), names.labels() == null ? "none" : names.labels()));
    if (!names.leftOut().isEmpty()) {
      say("left out", "arrays " + String.join(", ", names.leftOut()));
    }
    return dataset(whole(arrays, names.samples()), labels, opening);
  }

  private static NpyArray whole(Map<String, NpyArray> arrays, String name) throws IOException {
    return Objects.requireNonNull(arrays.get(name)).whole();
  }

  private void say(String about, String text) {
    remarks.add("%-9s %s".formatted(about, text));
  }

  private Dataset dataset(NpyArray array, @Nullable NpyArray labels, Opening opening) {
    Layout layout = layout(array.shape());
    if (array.shape().get(0) < 1 || array.shape().get(0) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s: %d samples (expected: 1 to %d)"
              .formatted(file, array.shape().get(0), Integer.MAX_VALUE));
    }
    if (layout == Layout.NF) {
      if (labels != null) {
        throw new IllegalArgumentException(
            "%s: labels beside points (expected: none; images may have classes)".formatted(file));
      }
      return points(array, opening);
    }
    options.requireNoPointOptions(file.toString());
    ArrayShape shape = ArrayShape.of(layout, array.shape());
    requireSize(shape);
    int[] classes = labels == null ? new int[shape.count()] : labels(labels);
    List<String> names = names(labels != null, classes);
    return array.type() == NumberType.UINT8
        ? ofBytes(array, shape, classes, names)
        : ofNumbers(array, shape, classes, names, opening);
  }

  /** As the settings say, else as the sides do where they can be meant in one way only. */
  private Layout layout(List<Long> shape) {
    Layout chosen = options.layout();
    if (chosen != null) {
      if (chosen.axes() != shape.size()) {
        throw new IllegalArgumentException(
            "data.layout: %s for an array of shape %s (expected: one of as many axes)"
                .formatted(chosen.label(), shape));
      }
      return chosen;
    }
    return switch (shape.size()) {
      case 2 -> Layout.NF;
      case 3 -> {
        if (shape.get(1) <= FEW_CHANNELS || shape.get(2) <= FEW_CHANNELS) {
          throw new IllegalArgumentException(
              "%s: an array of shape %s, which are images [N, H, W] or signals of several channels (expected: data.layout=nhw for gray images; no network here takes signals of several channels, one of one channel is [N, L])"
                  .formatted(file, shape));
        }
        yield Layout.NHW;
      }
      case 4 -> {
        boolean first = shape.get(1) <= FEW_CHANNELS;
        boolean last = shape.get(3) <= FEW_CHANNELS;
        if (first == last) {
          throw new IllegalArgumentException(
              "%s: an array of shape %s, which may be meant in two ways (expected: data.layout=nchw or data.layout=nhwc)"
                  .formatted(file, shape));
        }
        yield first ? Layout.NCHW : Layout.NHWC;
      }
      default ->
          throw new IllegalArgumentException(
              "%s: an array of shape %s (expected: [N, H, W], [N, C, H, W], [N, H, W, C] or [N, F])"
                  .formatted(file, shape));
    };
  }

  private void requireSize(ArrayShape shape) {
    boolean wrong =
        (options.height() != null && options.height() != shape.height())
            || (options.width() != null && options.width() != shape.width())
            || (options.channels() != null && options.channels() != shape.channels());
    if (wrong) {
      throw new IllegalArgumentException(
          "%s: images of %d×%d×%d (expected: no other data.size or data.channels)"
              .formatted(file, shape.channels(), shape.height(), shape.width()));
    }
  }

  private Dataset points(NpyArray array, Opening opening) {
    options.requireNoImageOptions(file.toString());
    int count = Math.toIntExact(array.shape().get(0));
    double[] row = new double[Math.toIntExact(array.shape().get(1))];
    List<double[]> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      array.read((long) i * row.length, row);
      requireFinite(row, i);
      rows.add(row.clone());
    }
    return StandardizedPoints.of(file.toString(), rows, remarks, options, opening);
  }

  private void requireFinite(double[] numbers, int sample) {
    for (double number : numbers) {
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException(
            "%s: sample %d holds %s (expected: finite numbers)".formatted(file, sample, number));
      }
    }
  }

  private int[] labels(NpyArray array) {
    double[] numbers = new double[Math.toIntExact(array.shape().get(0))];
    array.read(0, numbers);
    int[] labels = new int[numbers.length];
    for (int i = 0; i < labels.length; i++) {
      if (!(numbers[i] >= 0 && numbers[i] < MOST_CLASSES)) {
        throw new IllegalArgumentException(
            "%s: label %d is %.0f (expected: 0..%d)"
                .formatted(file, i, numbers[i], MOST_CLASSES - 1));
      }
      labels[i] = (int) numbers[i];
    }
    return labels;
  }

  private List<String> names(boolean labelled, int[] labels) {
    if (!labelled) {
      return List.of();
    }
    int classes = IntStream.of(labels).max().orElse(0) + 1;
    int[] counts = new int[classes];
    for (int label : labels) {
      counts[label]++;
    }
    for (int i = 0; i < classes; i++) {
      if (classes <= CLASSES_SHOWN || counts[i] == 0) {
        say("class " + i, counts[i] + (counts[i] == 1 ? " image" : " images"));
      }
    }
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }

  private Dataset ofBytes(NpyArray array, ArrayShape shape, int[] labels, List<String> classes) {
    DataOptions.Range range = options.rangeOrSymmetric();
    return new PixelDataset(
        new DataDescription(
            file.toString(), new DataSpec(shape.sample(), range.min(), range.max(), 256), classes),
        i -> {
          float[] numbers = new float[shape.elements()];
          array.read((long) i * numbers.length, numbers);
          byte[] pixels = new byte[numbers.length];
          for (int k = 0; k < pixels.length; k++) {
            pixels[k] = (byte) numbers[shape.place(k)];
          }
          return new Planes(shape.channels(), shape.height(), shape.width(), pixels);
        },
        labels,
        remarks);
  }

  private Dataset ofNumbers(
      NpyArray array, ArrayShape shape, int[] labels, List<String> classes, Opening opening) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double[] numbers = new double[shape.elements()];
    for (int i = 0; i < shape.count(); i++) {
      array.read((long) i * numbers.length, numbers);
      requireFinite(numbers, i);
      for (double number : numbers) {
        min = Math.min(min, number);
        max = Math.max(max, number);
      }
    }
    DataDescription recorded = opening.recorded();
    Scaling before = recorded == null ? null : recorded.scaling();
    if (before == null && !(min < max)) {
      throw new IllegalArgumentException(
          "%s: every number is %s (expected: images that differ)".formatted(file, min));
    }
    Scaling scaling = before == null ? new Scaling(min, max) : before;
    DataOptions.Range chosen = options.range();
    DataOptions.Range range =
        chosen == null ? new DataOptions.Range(scaling.min(), scaling.max()) : chosen;
    sayScaling(scaling, range, recorded);
    if (min < scaling.min() || max > scaling.max()) {
      remarks.add(
          "warning: the numbers are %s to %s, and those that the run was started with %s, which alone become %s to %s"
              .formatted(min, max, scaling.words(), range.min(), range.max()));
    }
    return new NumberDataset(
        new DataDescription(
            file.toString(),
            new DataSpec(shape.sample(), range.min(), range.max(), 0),
            classes,
            null,
            scaling),
        array,
        shape,
        scaling,
        labels,
        remarks);
  }

  private void sayScaling(
      Scaling scaling, DataOptions.Range range, @Nullable DataDescription recorded) {
    say(
        "range",
        scaling.isSame(range)
            ? "%s, as the numbers are; data.range=[-1, 1] brings them there"
                .formatted(scaling.words())
            : "%s become %s to %s".formatted(scaling.words(), range.min(), range.max()));
    if (recorded != null && recorded.scaling() == null && !scaling.isSame(range)) {
      remarks.add(
          "warning: the run does not say which numbers became %s to %s; taken are the bounds of %s"
              .formatted(range.min(), range.max(), file));
    }
  }
}
