package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.image.DecodeSettings;
import dev.ancestral.trainer.data.image.DecodedImage;
import dev.ancestral.trainer.data.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A folder of picture files: each sub-directory is a class (its whole tree belongs to it), or,
 * without any, there are no classes. Images are resized to cover the size and cropped to its
 * centre.
 *
 * <p>Without a configured size the first image's own size holds for all, and its own channels.
 */
final class ImageDirectory {
  private static final int LEVELS = 256;

  private record Entry(Path file, int label) {}

  private ImageDirectory() {}

  static Dataset open(Path directory, DataOptions options) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          directory + ": no such directory (expected: a folder of PNG or JPEG files)");
    }
    List<String> classes = new ArrayList<>();
    List<Entry> entries = entries(directory, classes);
    if (entries.isEmpty()) {
      throw new IllegalArgumentException(
          directory + ": holds no image (expected: PNG or JPEG files, at least 1)");
    }
    DecodedImage first = read(entries.get(0).file());
    Integer height = options.height();
    Integer width = options.width();
    Integer channels = options.channels();
    ImageFitter fitter =
        new ImageFitter(
            height == null ? first.height() : height,
            width == null ? first.width() : width,
            channels == null ? first.channels() : channels);
    List<PixelDataset.Image> images = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      images.add(
          new PixelDataset.Image(fitter.fit(read(entry.file()).toBufferedImage()), entry.label()));
    }
    return new PixelDataset(
        directory.toString(),
        List.of((long) fitter.channels(), (long) fitter.height(), (long) fitter.width()),
        options.rangeOrSymmetric(),
        LEVELS,
        classes,
        images);
  }

  /** Images in the order of their names, whatever the file system's is; fills in the classes. */
  private static List<Entry> entries(Path directory, List<String> classes) throws IOException {
    List<Path> children = below(directory, 1);
    List<Entry> entries = new ArrayList<>();
    for (Path child : children) {
      List<Path> images =
          Files.isDirectory(child)
              ? below(child, Integer.MAX_VALUE).stream().filter(ImageDirectory::isImage).toList()
              : List.of();
      if (!images.isEmpty()) {
        images.forEach(image -> entries.add(new Entry(image, classes.size())));
        classes.add(String.valueOf(child.getFileName()));
      }
    }
    List<Path> loose = children.stream().filter(ImageDirectory::isImage).toList();
    if (!entries.isEmpty() && !loose.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: stands beside the sub-directory %s (expected: every image in a sub-directory, which is its class, or none)"
              .formatted(loose.get(0), classes.get(0)));
    }
    loose.forEach(image -> entries.add(new Entry(image, 0)));
    return entries;
  }

  /**
   * What is below a directory, down to this depth, without itself and without hidden names, in the
   * order of the names; links are followed.
   */
  private static List<Path> below(Path directory, int depth) throws IOException {
    try (Stream<Path> paths = Files.walk(directory, depth, FileVisitOption.FOLLOW_LINKS)) {
      return paths
          .filter(path -> !path.equals(directory) && !isHidden(directory.relativize(path)))
          .sorted()
          .toList();
    }
  }

  /** Such as the {@code ._photo.png} that another system leaves beside each photo. */
  private static boolean isHidden(Path relative) {
    for (Path name : relative) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isImage(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    return ImageDecoder.ENDINGS.stream().anyMatch(name::endsWith) && Files.isRegularFile(path);
  }

  private static DecodedImage read(Path file) {
    return ImageDecoder.decode(file, DecodeSettings.DEFAULTS);
  }
}
