package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.npy.NpyArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which of the arrays of a file are samples and labels. Labels are whole numbers, [N] or [N, 1],
 * one for each sample; what is called after a part of a data set counts only where it is the part
 * to train on.
 *
 * @param samples name of the array
 * @param labels name of the array; null if there is none
 * @param leftOut names of the others
 */
record ArrayNames(String samples, @Nullable String labels, List<String> leftOut) {
  /**
   * Tells them apart.
   *
   * @throws IllegalArgumentException if there is no telling, naming what there is
   */
  static ArrayNames of(Path file, Map<String, NpyArray> arrays) {
    Map<String, NpyArray> samples = new LinkedHashMap<>();
    Map<String, NpyArray> labels = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          if (isLabels(array)) {
            labels.put(name, array);
          } else if (array.shape().size() >= 2) {
            samples.put(name, array);
          }
        });
    String ofSamples = only(samples);
    if (ofSamples == null) {
      throw new IllegalArgumentException(
          "%s: holds %s (expected: one array of samples, or one that is called train, and labels beside it)"
              .formatted(file, arrays.isEmpty() ? "no array" : described(arrays)));
    }
    long count = Objects.requireNonNull(samples.get(ofSamples)).shape().get(0);
    labels.values().removeIf(array -> array.shape().get(0) != count);
    String ofLabels = only(labels);
    if (ofLabels == null && !labels.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: holds %s (expected: one array of %d labels, or one that is called train)"
              .formatted(file, described(arrays), count));
    }
    List<String> leftOut = new ArrayList<>(arrays.keySet());
    leftOut.remove(ofSamples);
    leftOut.remove(ofLabels);
    return new ArrayNames(ofSamples, ofLabels, leftOut);
  }

  private static boolean isLabels(NpyArray array) {
    List<Long> shape = array.shape();
    return array.type().isWhole()
        && (shape.size() == 1 || (shape.size() == 2 && shape.get(1) == 1));
  }

  /** The one that there is, or the one to train on. */
  private static @Nullable String only(Map<String, NpyArray> arrays) {
    List<String> names = List.copyOf(arrays.keySet());
    if (names.size() > 1) {
      names =
          names.stream().filter(name -> name.toLowerCase(Locale.ROOT).contains("train")).toList();
    }
    return names.size() == 1 ? names.get(0) : null;
  }

  private static String described(Map<String, NpyArray> arrays) {
    return String.join(
        ", ",
        arrays.entrySet().stream()
            .map(each -> each.getKey() + " of shape " + each.getValue().shape())
            .toList());
  }
}
