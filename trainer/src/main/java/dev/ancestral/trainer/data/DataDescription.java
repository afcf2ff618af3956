package dev.ancestral.trainer.data;

import dev.ancestral.bundle.DataSpec;
import java.util.List;

/**
 * What every sample of a data set has in common.
 *
 * @param source as a user writes it, such as {@code builtin:digits}
 * @param spec shape, range and levels
 * @param classNames name of each label; empty for unlabelled data
 */
public record DataDescription(String source, DataSpec spec, List<String> classNames) {
  /** Copies the names. */
  public DataDescription {
    classNames = List.copyOf(classNames);
  }

  /** Whether samples have labels. */
  public boolean isLabelled() {
    return !classNames.isEmpty();
  }
}
