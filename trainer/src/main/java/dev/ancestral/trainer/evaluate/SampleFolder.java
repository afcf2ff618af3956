package dev.ancestral.trainer.evaluate;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.data.image.DecodeSettings;
import dev.ancestral.trainer.data.image.DecodedImage;
import dev.ancestral.trainer.data.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder that the command {@code sample} wrote: {@code 000.png} and so on, and {@code labels.csv}
 * (columns file and label, and what else there is) if the samples have labels.
 */
final class SampleFolder {
  private static final String LABELS = "labels.csv";
  private static final String NUMBERED = "\\d+\\.png";
  private static final int MAX_BYTE = 255;

  private SampleFolder() {}

  /**
   * Reads the samples.
   *
   * @throws IllegalArgumentException if there are none, or one has another size than the data
   */
  static Images read(Path directory, DataSpec data) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          directory + ": no such directory (expected: a folder that `sample` wrote)");
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(directory)) {
      files =
          entries
              .filter(file -> String.valueOf(file.getFileName()).matches(NUMBERED))
              .sorted()
              .toList();
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          directory + ": holds no sample (expected: 000.png and so on)");
    }
    Map<String, Integer> labelOf = labels(directory);
    List<float[]> pixels = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Path file : files) {
      pixels.add(pixels(file, data));
      Integer label = labelOf.get(String.valueOf(file.getFileName()));
      if (label != null) {
        labels.add(label);
      }
    }
    return new Images(pixels, labels.size() == pixels.size() ? labels : null);
  }

  private static Map<String, Integer> labels(Path directory) throws IOException {
    Map<String, Integer> labels = new HashMap<>();
    Path file = directory.resolve(LABELS);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file).stream().skip(1).toList()) {
        String[] columns = line.split(",", 3);
        try {
          labels.put(columns[0], Integer.valueOf(columns[1].strip()));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
          throw new IllegalArgumentException(
              "%s: '%s' (expected: a file name and a label)".formatted(file, line), e);
        }
      }
    }
    return labels;
  }

  private static float[] pixels(Path file, DataSpec data) {
    DecodedImage image = ImageDecoder.decode(file, DecodeSettings.DEFAULTS);
    List<Long> shape = data.shape();
    if (image.channels() > shape.get(0)
        || image.height() != shape.get(1)
        || image.width() != shape.get(2)) {
      throw new IllegalArgumentException(
          "%s: is not an image of %s (expected: as the data, [channels, height, width])"
              .formatted(file, shape));
    }
    byte[] levels = image.pixels();
    int plane = image.width() * image.height();
    float[] pixels = new float[data.elements()];
    for (int i = 0; i < pixels.length; i++) {
      // A sample without colour has its gray in every channel.
      int channel = image.coloured() ? i / plane : 0;
      int level = levels[i % plane * image.channels() + channel] & 0xFF;
      pixels[i] = (float) (data.min() + (data.max() - data.min()) * level / MAX_BYTE);
    }
    return pixels;
  }
}
