package dev.ancestral.trainer.data.npy;

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

  /** A part of others. */
  record Part(Bytes whole, long start, long size) implements Bytes {
    @Override
    public ByteBuffer at(long offset, int length) {
      return whole.at(start + offset, length);
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
