package dev.ancestral.trainer.data.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** One entry of an archive, in the heap. */
final class EntryBytes {
  /** A picture's file is far smaller; a bomb is larger. */
  static final long MOST = 256L << 20;

  private EntryBytes() {}

  /**
   * All that an entry says it holds, and no more.
   *
   * @throws IOException if it is too large, or holds another number of bytes than it says
   */
  static byte[] read(InputStream in, long size) throws IOException {
    if (size > MOST) {
      throw new IOException(
          "%d MiB in its archive; at most %d are read".formatted(size >> 20, MOST >> 20));
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size || in.read() >= 0) {
      throw new IOException("its archive says that it has %d bytes".formatted(size));
    }
    return bytes;
  }

  static SeekableByteChannel channel(byte[] bytes) {
    return new SeekableInMemoryByteChannel(bytes);
  }
}
