package dev.ancestral.trainer.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes every kind of PNG there is, from the samples of its pixels, with all five filters in turn.
 * Methods return the writer itself.
 */
final class PngWriter {
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  @SuppressWarnings("ArrayRecordComponent") // Written, never compared.
  private record Chunk(String type, byte[] data) {}

  private final int width;
  private final int height;
  private final int depth;
  private final int colourType;
  private final int[] samples;
  private final List<Chunk> before = new ArrayList<>();
  private final List<Chunk> after = new ArrayList<>();
  private boolean interlaced;
  private int dataChunks = 1;

  /**
   * @param samples row by row, pixel by pixel, as many for each pixel as the colour type has
   */
  PngWriter(int width, int height, int depth, int colourType, int[] samples) {
    this.width = width;
    this.height = height;
    this.depth = depth;
    this.colourType = colourType;
    this.samples = samples;
  }

  /** Samples in a pixel of a colour type. */
  static int samplesOf(int colourType) {
    return switch (colourType) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
  }

  PngWriter interlaced(boolean now) {
    interlaced = now;
    return this;
  }

  /** Cuts the pixel data into this many chunks. */
  PngWriter dataChunks(int count) {
    dataChunks = count;
    return this;
  }

  PngWriter before(String type, byte... data) {
    before.add(new Chunk(type, data));
    return this;
  }

  PngWriter after(String type, byte... data) {
    after.add(new Chunk(type, data));
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
    write(
        out,
        "IHDR",
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put((byte) depth)
            .put((byte) colourType)
            .putShort((short) 0)
            .put((byte) (interlaced ? 1 : 0))
            .array());
    before.forEach(chunk -> write(out, chunk.type(), chunk.data()));
    byte[] data = deflated(rows());
    int part = (data.length + dataChunks - 1) / dataChunks;
    for (int from = 0; from < data.length; from += part) {
      write(out, "IDAT", Arrays.copyOfRange(data, from, Math.min(data.length, from + part)));
    }
    after.forEach(chunk -> write(out, chunk.type(), chunk.data()));
    write(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String type, byte[] data) {
    byte[] body = new byte[4 + data.length];
    System.arraycopy(type.getBytes(StandardCharsets.ISO_8859_1), 0, body, 0, 4);
    System.arraycopy(data, 0, body, 4, data.length);
    CRC32 crc = new CRC32();
    crc.update(body);
    out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    out.writeBytes(body);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  static byte[] deflated(byte[] data) {
    Deflater deflater = new Deflater();
    deflater.setInput(data);
    deflater.finish();
    byte[] target = new byte[data.length + 100];
    int length = deflater.deflate(target);
    deflater.end();
    return Arrays.copyOf(target, length);
  }

  private byte[] rows() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int[] pass : interlaced ? ADAM7 : new int[][] {{0, 0, 1, 1}}) {
      byte[] above = null;
      for (int y = pass[1]; y < height; y += pass[3]) {
        byte[] row = row(y, pass[0], pass[2]);
        if (row.length > 0) {
          byte[] up = above == null ? new byte[row.length] : above;
          writeFiltered(out, y % 5, row, up);
          above = row;
        }
      }
    }
    return out.toByteArray();
  }

  /** The pixels of a row from x on, this far apart, as bits. */
  private byte[] row(int y, int x, int step) {
    int each = samplesOf(colourType);
    int pixels = Math.max(0, (width - x + step - 1) / step);
    byte[] row = new byte[(pixels * each * depth + 7) / 8];
    for (int i = 0; i < pixels * each; i++) {
      int sample = samples[(y * width + x + i / each * step) * each + i % each];
      for (int bit = 0; bit < depth; bit++) {
        int place = i * depth + bit;
        if (((sample >> (depth - 1 - bit)) & 1) != 0) {
          row[place / 8] |= (byte) (0x80 >> (place % 8));
        }
      }
    }
    return row;
  }

  private void writeFiltered(ByteArrayOutputStream out, int filter, byte[] row, byte[] above) {
    int apart = Math.max(1, samplesOf(colourType) * depth / 8);
    out.write(filter);
    for (int i = 0; i < row.length; i++) {
      int left = i < apart ? 0 : row[i - apart] & 0xFF;
      int up = above[i] & 0xFF;
      int corner = i < apart ? 0 : above[i - apart] & 0xFF;
      int predicted =
          switch (filter) {
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) / 2;
            case 4 -> paeth(left, up, corner);
            default -> 0;
          };
      out.write(row[i] - predicted);
    }
  }

  private static int paeth(int left, int up, int corner) {
    int guess = left + up - corner;
    int best = left;
    for (int candidate : new int[] {up, corner}) {
      if (Math.abs(guess - candidate) < Math.abs(guess - best)) {
        best = candidate;
      }
    }
    return best;
  }
}
