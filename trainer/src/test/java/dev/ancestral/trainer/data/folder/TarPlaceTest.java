package dev.ancestral.trainer.data.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TarPlaceTest {
  /** A disc without room. */
  private static final class Full implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void aFullDiscIsNotTheArchivesFault() {
    assertEquals(
        "photos.tgz: cannot be written uncompressed to scratch (No space left on device; expected: room for it there)",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TarPlace.write(
                        Path.of("photos.tgz"),
                        ByteBuffer.allocate(1),
                        new Full(),
                        Path.of("scratch")))
            .getMessage());
  }
}
