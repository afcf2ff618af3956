package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** What tests read from the files that {@code sample} wrote. */
final class Pictures {
  private Pictures() {}

  /** The grey levels of a sample that {@link Scripts#values} sends. */
  static int[] levels(int sample, int elements) {
    float[] values = Scripts.values(sample, elements);
    int[] levels = new int[elements];
    for (int j = 0; j < elements; j++) {
      levels[j] = (int) Math.round((values[j] + 1.0) / 2 * 255);
    }
    return levels;
  }

  /** The grey levels of a file. */
  static int[] gray(Path file) throws IOException {
    BufferedImage image = read(file);
    assertEquals(BufferedImage.TYPE_BYTE_GRAY, image.getType());
    return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
  }

  static BufferedImage read(Path file) throws IOException {
    return ImageIO.read(file.toFile());
  }

  /** The frames of an animation. */
  static List<BufferedImage> gif(Path file) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(in);
      BufferedImage[] frames = new BufferedImage[reader.getNumImages(true)];
      for (int i = 0; i < frames.length; i++) {
        frames[i] = reader.read(i);
      }
      return List.of(frames);
    } finally {
      reader.dispose();
    }
  }

  /** What is in a directory, by name. */
  static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
