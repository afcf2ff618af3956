package dev.ancestral.trainer.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import javax.imageio.stream.ImageInputStream;

/** The rows of a PNG file: its pixel data inflated, their filters undone, their bits as samples. */
final class PngRows implements AutoCloseable {
  private final Inflater inflater = new Inflater();
  private final InputStream inflated;
  private final PngHeader header;
  private final int apart;
  private byte[] row = {};
  private byte[] above = {};
  private int pixels;

  PngRows(ImageInputStream in, List<PngChunks.Chunk> data, PngHeader header) {
    this.inflated = new InflaterInputStream(new DataStream(in, data.iterator()), inflater, 8192);
    this.header = header;
    this.apart = header.pixelBytes();
  }

  /** Begins a pass whose rows have this many pixels. */
  void begin(int across) {
    pixels = across;
    row = new byte[header.rowBytes(across)];
    above = new byte[row.length];
  }

  /** The samples of the next row, pixel by pixel. */
  void next(int[] samples) throws IOException {
    byte[] spare = above;
    above = row;
    row = spare;
    int filter = inflated.read();
    if (filter < 0 || inflated.readNBytes(row, 0, row.length) < row.length) {
      throw new EOFException();
    }
    unfilter(filter);
    int depth = header.depth();
    int count = pixels * header.colour().samples();
    for (int i = 0; i < count; i++) {
      samples[i] =
          switch (depth) {
            case 8 -> row[i] & 0xFF;
            case 16 -> ((row[2 * i] & 0xFF) << 8) | (row[2 * i + 1] & 0xFF);
            default -> {
              int bit = i * depth;
              yield (row[bit / 8] >> (8 - depth - bit % 8)) & ((1 << depth) - 1);
            }
          };
    }
  }

  /** Reads to the checksum behind the last row, which is verified. */
  void end() throws IOException {
    inflated.read();
  }

  private void unfilter(int filter) throws BadImageException {
    switch (filter) {
      case 0 -> {}
      case 1 -> {
        for (int i = apart; i < row.length; i++) {
          row[i] += row[i - apart];
        }
      }
      case 2 -> {
        for (int i = 0; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 0; i < row.length; i++) {
          int left = i < apart ? 0 : row[i - apart] & 0xFF;
          row[i] += (byte) ((left + (above[i] & 0xFF)) / 2);
        }
      }
      case 4 -> {
        for (int i = 0; i < row.length; i++) {
          row[i] +=
              (byte)
                  (i < apart
                      ? above[i] & 0xFF
                      : paeth(row[i - apart] & 0xFF, above[i] & 0xFF, above[i - apart] & 0xFF));
        }
      }
      default ->
          throw new BadImageException(
              "has a row with the filter %d (expected: 0 to 4)".formatted(filter));
    }
  }

  /** Whichever is nearest to left + up - corner. */
  private static int paeth(int left, int up, int corner) {
    int fromLeft = Math.abs(up - corner);
    int fromUp = Math.abs(left - corner);
    int fromCorner = Math.abs(left + up - 2 * corner);
    if (fromLeft <= fromUp && fromLeft <= fromCorner) {
      return left;
    }
    return fromUp <= fromCorner ? up : corner;
  }

  @Override
  public void close() {
    inflater.end();
  }

  /** The data of several chunks as one stream. */
  private static final class DataStream extends InputStream {
    private final ImageInputStream in;
    private final Iterator<PngChunks.Chunk> chunks;
    private int left;

    DataStream(ImageInputStream in, Iterator<PngChunks.Chunk> chunks) {
      this.in = in;
      this.chunks = chunks;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      while (left == 0) {
        if (!chunks.hasNext()) {
          return -1;
        }
        PngChunks.Chunk chunk = chunks.next();
        in.seek(chunk.offset());
        left = chunk.length();
      }
      int read = in.read(target, offset, Math.min(length, left));
      left -= Math.max(0, read);
      return read;
    }
  }
}
