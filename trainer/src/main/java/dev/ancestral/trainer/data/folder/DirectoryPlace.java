package dev.ancestral.trainer.data.folder;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory. */
record DirectoryPlace(Path root) implements ImageFile.Place {
  @Override
  public SeekableByteChannel open(ImageFile file) throws IOException {
    return Files.newByteChannel(file.path());
  }
}
