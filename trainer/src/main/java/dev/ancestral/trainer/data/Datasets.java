package dev.ancestral.trainer.data;

import dev.ancestral.diffusion.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The registry of data sources: a new one is one file and one line here. */
public final class Datasets {
  private static final Map<String, Supplier<Dataset>> BUILTIN = new LinkedHashMap<>();

  static {
    BUILTIN.put("builtin:digits", DigitsDataset::open);
  }

  private Datasets() {}

  /** The sources that need no file. */
  public static List<String> names() {
    return List.copyOf(BUILTIN.keySet());
  }

  /**
   * Opens a source.
   *
   * @param source such as {@code builtin:digits}
   * @throws IllegalArgumentException for a source nobody knows, with the known ones
   */
  public static Dataset open(String source) {
    Supplier<Dataset> builtin = BUILTIN.get(source);
    if (builtin == null) {
      throw Names.unknown("data", source, names());
    }
    return builtin.get();
  }
}
