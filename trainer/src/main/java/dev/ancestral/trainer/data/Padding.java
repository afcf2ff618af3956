package dev.ancestral.trainer.data;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What stands beside an image that does not fill the size of the data set. */
public enum Padding {
  /** White, as behind what is transparent. */
  WHITE,
  /** Black. */
  BLACK,
  /** The image's outermost pixels again and again. */
  EDGE;

  /** As users write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All of them, as users write them. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(Padding::label).toList();
  }

  /**
   * The one that a user wrote.
   *
   * @throws IllegalArgumentException naming it and the known ones
   */
  public static Padding of(String label) {
    return Arrays.stream(values())
        .filter(padding -> padding.label().equals(label))
        .findFirst()
        .orElseThrow(() -> Names.unknown("padding", label, labels()));
  }
}
