package dev.ancestral.trainer.data.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedTest {
  private static final long GIB = 1 << 30;

  @TempDir private Path directory;

  @Test
  void aFileOfAnyLengthIsSeen_alsoWhereTwoWindowsMeet() throws IOException {
    Path file = directory.resolve("large");
    long[] places = {0, GIB - 4, 2 * GIB - 4, 3 * GIB + 5, 5 * GIB};
    // Takes no room: what lies between is never written.
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      for (long place : places) {
        channel.write(ByteBuffer.allocate(8).putLong(0, place + 1), place);
      }
    }
    Mapped mapped = Mapped.of(file);
    assertEquals(5 * GIB + 8, mapped.size());
    for (long place : places) {
      assertEquals(place + 1, mapped.at(place, 8).getLong(), "at " + place);
    }
    assertEquals(3 * GIB + 6, mapped.at(3 * GIB - 1000, 2000).getLong(1005));
  }
}
