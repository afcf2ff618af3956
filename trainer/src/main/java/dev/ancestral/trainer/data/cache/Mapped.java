package dev.ancestral.trainer.data.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file as memory that the operating system fills and takes back as it likes, of any length. Safe
 * for any thread; gone when nobody refers to it any more.
 */
public final class Mapped {
  /** The most bytes that can be seen at once: what any two windows overlap by. */
  static final long LONGEST = 1 << 30;

  private final List<ByteBuffer> windows = new ArrayList<>();
  private final long size;

  private Mapped(FileChannel channel) throws IOException {
    this.size = channel.size();
    for (long start = 0; start < size; start += LONGEST) {
      windows.add(channel.map(MapMode.READ_ONLY, start, Math.min(size - start, Integer.MAX_VALUE)));
    }
  }

  /** A whole file, as long as it is now. */
  public static Mapped of(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return of(channel);
    }
  }

  static Mapped of(FileChannel channel) throws IOException {
    return new Mapped(channel);
  }

  /** Bytes in all. */
  public long size() {
    return size;
  }

  /**
   * Some of its bytes, big-endian.
   *
   * @param length at most 2^30
   */
  public ByteBuffer at(long offset, int length) {
    ByteBuffer window = windows.get((int) (offset / LONGEST));
    return window.slice((int) (offset % LONGEST), length);
  }
}
