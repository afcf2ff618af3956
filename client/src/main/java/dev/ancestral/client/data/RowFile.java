package dev.ancestral.client.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;

/**
 * Rows of one size in a file behind a header, put by their number in whatever order they come: what
 * need not be in memory. For one thread; who creates it closes it.
 */
public final class RowFile implements Closeable {
  private final FileChannel channel;
  private final long begin;
  private final int rowBytes;
  private final BitSet present = new BitSet();

  private RowFile(FileChannel channel, long begin, int rowBytes) {
    this.channel = channel;
    this.begin = begin;
    this.rowBytes = rowBytes;
  }

  /** Creates the file with its header, and no rows. */
  public static RowFile create(Path file, byte[] header, int rowBytes) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    RowFile rows = new RowFile(channel, header.length, rowBytes);
    try {
      rows.write(ByteBuffer.wrap(header), 0);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return rows;
  }

  /**
   * Writes a row, or writes over it.
   *
   * @throws IllegalArgumentException if it has another size
   */
  public void put(int row, ByteBuffer bytes) throws IOException {
    if (bytes.remaining() != rowBytes) {
      throw new IllegalArgumentException(
          "row %d: %d bytes (expected: %d)".formatted(row, bytes.remaining(), rowBytes));
    }
    write(bytes, position(row));
    present.set(row);
  }

  /** Whether the row was put. */
  public boolean has(int row) {
    return present.get(row);
  }

  /**
   * Reads a row.
   *
   * @throws IllegalArgumentException if it was never put
   */
  public ByteBuffer get(int row) throws IOException {
    if (!has(row)) {
      throw new IllegalArgumentException("row %d: is not there".formatted(row));
    }
    ByteBuffer bytes = ByteBuffer.allocate(rowBytes);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position(row) + bytes.position()) < 0) {
        throw new IOException("row %d: the file ends in it".formatted(row));
      }
    }
    return bytes.flip();
  }

  /** Reads a row of little-endian floats. */
  public float[] floats(int row) throws IOException {
    float[] values = new float[rowBytes / Float.BYTES];
    get(row).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private long position(int row) {
    return begin + (long) row * rowBytes;
  }

  private void write(ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }
}
