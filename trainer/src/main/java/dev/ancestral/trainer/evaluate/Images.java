package dev.ancestral.trainer.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Images to judge.
 *
 * @param pixels one array an image, in the data's range
 * @param labels the class each was drawn for; null where nobody says
 */
record Images(List<float[]> pixels, @Nullable List<Integer> labels) {
  /** Copies the lists. */
  Images {
    pixels = List.copyOf(pixels);
    labels = labels == null ? null : List.copyOf(labels);
  }

  /** All of them; without labels, unless every part has some. */
  static Images concat(List<Images> parts) {
    List<float[]> pixels = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Images part : parts) {
      pixels.addAll(part.pixels());
      if (part.labels() != null) {
        labels.addAll(part.labels());
      }
    }
    return new Images(pixels, labels.size() == pixels.size() ? labels : null);
  }
}
