package dev.ancestral.trainer.data;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How an image of another size than the data set's is brought to it. */
public enum Fit {
  /** Scaled until it covers the size, and cropped to its centre. */
  COVER,
  /** Scaled until all of it is within the size, and padded. */
  CONTAIN,
  /** Scaled in each direction by what it takes. */
  STRETCH,
  /**
   * Scaled as for {@link #COVER}; which part is seen is drawn each time that training takes the
   * image, and is the centre everywhere else.
   */
  RANDOM_CROP;

  /** As users write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** All of them, as users write them. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(Fit::label).toList();
  }

  /**
   * The one that a user wrote.
   *
   * @throws IllegalArgumentException naming it and the known ones
   */
  public static Fit of(String label) {
    return Arrays.stream(values())
        .filter(fit -> fit.label().equals(label))
        .findFirst()
        .orElseThrow(() -> Names.unknown("fit", label, labels()));
  }
}
