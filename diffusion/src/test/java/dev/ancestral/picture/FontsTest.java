package dev.ancestral.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FontsTest {
  /** Draws a caption, which is the program that the tests start. */
  static final class Caption {
    private Caption() {}

    public static void main(String[] arguments) throws Exception {
      BufferedImage white = new BufferedImage(64, 8, BufferedImage.TYPE_INT_RGB);
      BufferedImage sheet = Panels.of(List.of(new Panels.Panel("σ 0123", white)), 1);
      ImageIO.write(sheet, "png", Path.of(arguments[0]).toFile());
    }
  }

  @Test
  void textIsDrawnWhereTheSystemHasNoFont(@TempDir Path directory) throws Exception {
    Path none =
        Files.writeString(
            directory.resolve("fonts.conf"), "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
    Path picture = directory.resolve("caption.png");
    Path log = directory.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.awt.headless=true",
            // Where the JDK remembers what fonts the system had.
            "-Duser.home=" + directory,
            Caption.class.getName(),
            picture.toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("FONTCONFIG_FILE", none.toString());
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertEquals(0, process.waitFor(), () -> read(log));
    // Above the picture there is only the caption.
    assertTrue(isDrawnOn(ImageIO.read(picture.toFile())), "the caption is empty");
  }

  private static String read(Path log) {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static boolean isDrawnOn(BufferedImage sheet) {
    for (int y = 8; y < 28; y++) {
      for (int x = 8; x < 72; x++) {
        if (new Color(sheet.getRGB(x, y)).getRed() < 128) {
          return true;
        }
      }
    }
    return false;
  }
}
