package dev.ancestral.trainer.data;

import dev.ancestral.bundle.DataSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every sample of a data set has in common.
 *
 * @param source as a user writes it, such as {@code builtin:digits}
 * @param spec shape, range and levels
 * @param classNames name of each label; empty for unlabelled data
 * @param standardization that the samples went through; null if they are as they were found
 * @param scaling of images that are no levels; null for all other samples
 */
public record DataDescription(
    String source,
    DataSpec spec,
    List<String> classNames,
    @Nullable Standardization standardization,
    @Nullable Scaling scaling) {
  /** Copies the names. */
  public DataDescription {
    classNames = List.copyOf(classNames);
  }

  /** Of samples as they were found. */
  public DataDescription(String source, DataSpec spec, List<String> classNames) {
    this(source, spec, classNames, null, null);
  }

  /** Whether samples have labels. */
  public boolean isLabelled() {
    return !classNames.isEmpty();
  }
}
