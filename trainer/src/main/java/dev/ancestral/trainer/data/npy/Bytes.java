package dev.ancestral.trainer.data.npy;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes anywhere. For any thread. */
interface Bytes {
  long size();

  /**
   * Some of them.
   *
   * @param length at most 2^30
   */
  ByteBuffer at(long offset, int length);

  /**
   * The same, all at hand and as they were written.
   *
   * @throws IllegalArgumentException if they are not, naming the file
   */
  default Bytes whole() throws IOException {
    return this;
  }

  /** A part of others. */
  record Part(Bytes all, long start, long size) implements Bytes {
    @Override
    public ByteBuffer at(long offset, int length) {
      return all.at(start + offset, length);
    }

    @Override
    public Bytes whole() throws IOException {
      return new Part(all.whole(), start, size);
    }
  }

  /** In the heap. */
  record InHeap(ByteBuffer buffer) implements Bytes {
    @Override
    public long size() {
      return buffer.limit();
    }

    @Override
    public ByteBuffer at(long offset, int length) {
      return buffer.slice(Math.toIntExact(offset), length);
    }
  }
}
