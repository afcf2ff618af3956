package dev.ancestral.bundle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The classes of a conditional model.
 *
 * @param numClasses how many; labels are 0..numClasses-1
 * @param classNames their names in the order of the labels, or none at all
 * @param nullLabel the label that means "no class", which is numClasses; null where the network
 *     knows none
 */
public record Conditioning(int numClasses, List<String> classNames, @Nullable Integer nullLabel) {
  /** Checks that the three agree. */
  public Conditioning {
    classNames = List.copyOf(classNames);
    if (numClasses < 1) {
      throw new IllegalArgumentException(
          "conditioning.num_classes: %d (expected: at least 1)".formatted(numClasses));
    }
    if (!classNames.isEmpty() && classNames.size() != numClasses) {
      throw new IllegalArgumentException(
          "conditioning.class_names: %d names (expected: %d)"
              .formatted(classNames.size(), numClasses));
    }
    if (nullLabel != null && nullLabel != numClasses) {
      throw new IllegalArgumentException(
          "conditioning.null_label: %d (expected: %d)".formatted(nullLabel, numClasses));
    }
  }
}
