package dev.ancestral.trainer.data;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the axes of an array of samples are: N counts samples. */
public enum Layout {
  /** Points or signals: F numbers each. */
  NF(2),
  /** Gray images. */
  NHW(3),
  /** Images, channel by channel. */
  NCHW(4),
  /** Images, pixel by pixel. */
  NHWC(4);

  private final int axes;

  Layout(int axes) {
    this.axes = axes;
  }

  int axes() {
    return axes;
  }

  /** As users write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All of them, as users write them. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(Layout::label).toList();
  }

  /**
   * The one that a user wrote.
   *
   * @throws IllegalArgumentException naming it and the known ones
   */
  public static Layout of(String label) {
    return Arrays.stream(values())
        .filter(layout -> layout.label().equals(label.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> Names.unknown("layout", label, labels()));
  }
}
