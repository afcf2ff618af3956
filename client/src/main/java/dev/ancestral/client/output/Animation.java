package dev.ancestral.client.output;

import dev.ancestral.picture.AnimatedGif;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The way from noise, as a file. */
final class Animation {
  static final String NAME = "chain.gif";

  private static final Duration FRAME_DELAY = Duration.ofMillis(80);

  private Animation() {}

  static void write(Path directory, List<BufferedImage> frames) throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(directory.resolve(NAME)))) {
      AnimatedGif.write(out, frames, FRAME_DELAY);
    }
  }
}
