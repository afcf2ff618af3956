package dev.ancestral.trainer.run;

import java.io.IOException;
import java.nio.file.Path;

/** A safetensors file is cut, changed or not one at all. */
public final class SafetensorsException extends IOException {
  private static final long serialVersionUID = 1L;

  SafetensorsException(Path file, String reason) {
    super("%s: %s".formatted(file, reason));
  }
}
