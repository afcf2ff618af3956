package dev.ancestral.trainer.data;

import dev.ancestral.diffusion.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The registry of data sources: a new one is one file and one line here. */
public final class Datasets {
  private static final String BUILTIN = "builtin:";
  private static final Pattern SCHEME = Pattern.compile("\\w{2,}:");

  private static final Map<String, Builtin> BUILTINS = new LinkedHashMap<>();
  private static final Map<String, FromPath> FORMATS = new LinkedHashMap<>();

  static {
    BUILTINS.put(Digits.SOURCE, Digits::open);
    BUILTINS.put(SwissRoll.SOURCE, SwissRoll::open);
    FORMATS.put(IdxImages.PREFIX, (path, options, opening) -> IdxImages.open(path, options));
    FORMATS.put(CsvPoints.PREFIX, CsvPoints::open);
  }

  /** Opens a source that needs no file. */
  private interface Builtin {
    Dataset open(DataOptions options);
  }

  /** Opens a source at a path. */
  private interface FromPath {
    Dataset open(Path path, DataOptions options, Opening opening) throws IOException;
  }

  /** Opens images, or only says what they are. */
  private interface FromImages<T> {
    T open(Path directory, DataOptions options, Opening opening) throws IOException;
  }

  private Datasets() {}

  /** The sources, as a user writes them. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(BUILTINS.keySet());
    names.addAll(
        List.of(
            "idx:DIR",
            "csv:FILE",
            "FILE.npy",
            "FILE.npz",
            "FILE.zip",
            "FILE.tar",
            "FILE.tar.gz",
            "FILE.parquet",
            "a directory of images"));
    return names;
  }

  /**
   * Opens a source for the first time, unwatched.
   *
   * @see #open(String, DataOptions, Opening)
   */
  public static Dataset open(String source, DataOptions options) {
    return open(source, options, Opening.QUIET);
  }

  /**
   * Opens a source.
   *
   * @param source {@code builtin:NAME}, {@code idx:DIR}, {@code csv:FILE}, a file of numpy, or a
   *     directory of images, an archive or Parquet files in its place
   * @throws IllegalArgumentException for a source nobody knows, with the known ones, and for data
   *     that cannot be used, naming the file and the expectation
   */
  public static Dataset open(String source, DataOptions options, Opening opening) {
    return open(source, options, opening, data -> data, ImageDirectory::open);
  }

  /**
   * What a source is, for which images are opened only as far as it takes.
   *
   * @throws IllegalArgumentException as {@link #open(String, DataOptions, Opening)} does, though
   *     what is wrong with an image may be found only then
   */
  public static DataSummary describe(String source, DataOptions options, Opening opening) {
    return open(source, options, opening, DataSummary::of, ImageDirectory::describe);
  }

  private static <T> T open(
      String source,
      DataOptions options,
      Opening opening,
      Function<Dataset, T> others,
      FromImages<T> images) {
    if (source.isBlank()) {
      throw new IllegalArgumentException(
          "data: is empty (expected one of: %s)".formatted(String.join(", ", names())));
    }
    if (source.startsWith(BUILTIN)) {
      Builtin builtin = BUILTINS.get(source);
      if (builtin == null) {
        throw Names.unknown("data", source, names());
      }
      return others.apply(builtin.open(options));
    }
    try {
      for (Map.Entry<String, FromPath> format : FORMATS.entrySet()) {
        if (source.startsWith(format.getKey())) {
          return others.apply(
              format
                  .getValue()
                  .open(path(source.substring(format.getKey().length())), options, opening));
        }
      }
      Path directory = path(source);
      if (!Files.exists(directory) && SCHEME.matcher(source).lookingAt()) {
        // No folder, but a word and a colon as the other sources have.
        throw Names.unknown("data", source, names());
      }
      if (Files.isRegularFile(directory) && NumpyArrays.isOne(directory)) {
        return others.apply(NumpyArrays.open(directory, options, opening));
      }
      return images.open(directory, options, opening);
    } catch (IOException e) {
      throw new UncheckedIOException(source + ": " + e.getMessage(), e);
    }
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("data: a path is missing (expected: it after the colon)");
    }
    return Path.of(text);
  }
}
