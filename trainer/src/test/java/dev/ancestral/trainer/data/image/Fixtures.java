package dev.ancestral.trainer.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The pictures among the tests' resources. */
final class Fixtures {
  private Fixtures() {}

  static byte[] bytes(String name) {
    try (InputStream in = Objects.requireNonNull(Fixtures.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy in a directory. */
  static Path copy(String name, Path directory) throws IOException {
    return Files.write(directory.resolve(name), bytes(name));
  }

  /** What an unreadable file is refused with, after its name. */
  static String refusal(Path file) {
    try {
      ImageDecoder.decode(file, DecodeSettings.DEFAULTS);
    } catch (UnreadableImageException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.startsWith(file + ": ") || message.contains("\n")) {
        throw new AssertionError("no line that begins with the file: " + message);
      }
      return message.substring((file + ": ").length());
    }
    throw new AssertionError(file + " was read");
  }
}
