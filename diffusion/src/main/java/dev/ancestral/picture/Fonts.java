package dev.ancestral.picture;

import dev.ancestral.files.AtomicFile;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The fonts that AWT draws text with. A bare server or container has none, and there the first text
 * ends with an error of the JDK; then ours takes the place of all. Whoever draws text calls {@link
 * #require} before.
 */
public final class Fonts {
  private static final String OURS = "DejaVuSans-subset.ttf";

  /** The JDK reads the file that it names in place of asking the system. */
  private static final String CONFIGURATION = "sun.awt.fontconfig";

  /** As X names fonts, which that file does. */
  private static final String NAME = "-misc-dejavu sans-medium-r-normal--*-%d-*-*-p-*-iso10646-1";

  private static final List<String> FAMILIES =
      List.of("serif", "sansserif", "monospaced", "dialog", "dialoginput");
  private static final List<String> STYLES = List.of("plain", "bold", "italic", "bolditalic");

  private static boolean there;

  private Fonts() {}

  /**
   * Returns once text can be drawn.
   *
   * @throws UncheckedIOException if the system has no font and ours cannot be unpacked
   */
  public static synchronized void require() {
    if (there) {
      return;
    }
    try {
      measureText();
    } catch (InternalError e) {
      // The JDK's words for a system without any font.
      useOurs();
      measureText();
    }
    there = true;
  }

  private static void measureText() {
    Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      graphics.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12)).stringWidth("0");
    } finally {
      graphics.dispose();
    }
  }

  private static void useOurs() {
    try {
      Path directory = Files.createTempDirectory("ancestral-font");
      Path font = directory.resolve(OURS);
      Path configuration = directory.resolve("fontconfig.properties");
      // Removed in the reverse of this order.
      directory.toFile().deleteOnExit();
      font.toFile().deleteOnExit();
      configuration.toFile().deleteOnExit();
      try (InputStream in = Fonts.class.getResourceAsStream(OURS)) {
        if (in == null) {
          throw new FileNotFoundException(OURS + ": is missing on the class path");
        }
        Files.copy(in, font);
      }
      AtomicFile.writeString(configuration, configuration(font));
      System.setProperty(CONFIGURATION, configuration.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("the system has no font, and ours: " + e.getMessage(), e);
    }
  }

  private static String configuration(Path font) {
    StringBuilder text = new StringBuilder("version=1\n");
    for (String family : FAMILIES) {
      for (String style : STYLES) {
        text.append(family).append('.').append(style).append(".latin-1=").append(NAME).append('\n');
      }
    }
    // Backslashes would escape in a properties file; spaces of the font's name do.
    return text.append("sequence.allfonts=latin-1\nfilename.")
        .append(NAME.replace(' ', '_'))
        .append('=')
        .append(font.toString().replace("\\", "\\\\"))
        .append('\n')
        .toString();
  }
}
