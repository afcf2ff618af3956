package dev.ancestral.trainer.data;

import dev.ancestral.bundle.DataSpec;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * MNIST's own format: a directory with {@code train-images-idx3-ubyte} and, if there are classes,
 * {@code train-labels-idx1-ubyte}, each gzipped or not.
 *
 * <p>A file is the bytes 0, 0, 8 (unsigned bytes), the number of dimensions, each dimension as a
 * big-endian int, and the bytes themselves.
 */
final class IdxImages {
  static final String PREFIX = "idx:";
  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";
  private static final int UNSIGNED_BYTES = 8;
  private static final int LEVELS = 256;

  private IdxImages() {}

  static Dataset open(Path directory, DataOptions options) throws IOException {
    options.requireNoFolderOptions(PREFIX + directory);
    options.requireNoPointOptions(PREFIX + directory);
    options.requireNoArrayOptions(PREFIX + directory);
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "%s: no such directory (expected: one that holds %s, gzipped or not)"
              .formatted(directory, IMAGES));
    }
    Path images = find(directory, IMAGES);
    if (images == null) {
      throw new IllegalArgumentException(
          "%s: holds no %s (expected: it, gzipped or not)".formatted(directory, IMAGES));
    }
    Path labelFile = find(directory, LABELS);
    byte[] labels = labelFile == null ? new byte[0] : read(labelFile, 1, new int[1]);
    int[] dimensions = new int[3];
    byte[] pixels = read(images, 3, dimensions);
    if (labelFile != null && labels.length != dimensions[0]) {
      throw new IllegalArgumentException(
          "%s: %d labels (expected: %d, as there are images)"
              .formatted(labelFile, labels.length, dimensions[0]));
    }
    checkSize(images, options, dimensions);
    int size = dimensions[1] * dimensions[2];
    List<PixelDataset.Image> all = new ArrayList<>(dimensions[0]);
    int classes = 0;
    for (int i = 0; i < dimensions[0]; i++) {
      byte[] image = new byte[size];
      System.arraycopy(pixels, i * size, image, 0, size);
      int label = labelFile == null ? 0 : labels[i] & 0xFF;
      classes = Math.max(classes, label + 1);
      all.add(new PixelDataset.Image(new Planes(1, dimensions[1], dimensions[2], image), label));
    }
    DataOptions.Range range = options.rangeOrSymmetric();
    return new PixelDataset(
        new DataDescription(
            PREFIX + directory,
            new DataSpec(
                List.of(1L, (long) dimensions[1], (long) dimensions[2]),
                range.min(),
                range.max(),
                LEVELS),
            labelFile == null
                ? List.of()
                : IntStream.range(0, classes).mapToObj(Integer::toString).toList()),
        all,
        List.of());
  }

  private static void checkSize(Path file, DataOptions options, int[] dimensions) {
    boolean wrong =
        (options.height() != null && options.height() != dimensions[1])
            || (options.width() != null && options.width() != dimensions[2])
            || (options.channels() != null && options.channels() != 1);
    if (wrong) {
      throw new IllegalArgumentException(
          "%s: images of 1×%d×%d (expected: no other data.size or data.channels)"
              .formatted(file, dimensions[1], dimensions[2]));
    }
  }

  private static @Nullable Path find(Path directory, String name) {
    for (String candidate : List.of(name, name + ".gz")) {
      if (Files.isRegularFile(directory.resolve(candidate))) {
        return directory.resolve(candidate);
      }
    }
    return null;
  }

  private static byte[] read(Path file, int expectedDimensions, int[] dimensions)
      throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        DataInputStream in =
            new DataInputStream(
                file.toString().endsWith(".gz")
                    ? new BufferedInputStream(new GZIPInputStream(raw))
                    : raw)) {
      int magic = in.readInt();
      if (magic != (UNSIGNED_BYTES << 8 | expectedDimensions)) {
        throw new IllegalArgumentException(
            "%s: magic number 0x%08x (expected: 0x%08x, IDX of bytes in %d dimensions)"
                .formatted(
                    file, magic, UNSIGNED_BYTES << 8 | expectedDimensions, expectedDimensions));
      }
      long size = 1;
      for (int i = 0; i < expectedDimensions; i++) {
        dimensions[i] = in.readInt();
        size *= dimensions[i];
        if (dimensions[i] < 1 || size > Integer.MAX_VALUE - 8) {
          throw new IllegalArgumentException(
              "%s: dimension %d is %d (expected: at least 1, and less than 2 GiB in all)"
                  .formatted(file, i, dimensions[i]));
        }
      }
      byte[] bytes = new byte[(int) size];
      in.readFully(bytes);
      if (in.read() >= 0) {
        throw new IllegalArgumentException(
            "%s: is longer than its header says (expected: %d bytes)".formatted(file, size));
      }
      return bytes;
    } catch (EOFException e) {
      throw new IllegalArgumentException(
          file + ": ends too early (expected: as many bytes as its header says)", e);
    } catch (ZipException e) {
      throw new IllegalArgumentException(
          "%s: is damaged (%s; expected: gzip)".formatted(file, e.getMessage()), e);
    }
  }
}
