package dev.ancestral.trainer.data.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The first directory of a TIFF file, or of EXIF data, which have the same layout: byte order, the
 * number 42, the directory's offset; there a count and, for each tag, number, type, count and
 * values, or their offset where they take more than four bytes.
 *
 * @param values those of whole numbers and bytes, by their tag
 */
record TiffDirectory(Map<Integer, long[]> values) {
  static final int WIDTH = 256;
  static final int HEIGHT = 257;
  static final int BITS = 258;
  static final int STRIP_OFFSETS = 273;
  static final int ORIENTATION = 274;
  static final int STRIP_LENGTHS = 279;
  static final int TILE_OFFSETS = 324;
  static final int TILE_LENGTHS = 325;
  static final int SAMPLE_FORMAT = 339;
  static final int COLOUR_PROFILE = 34675;

  private static final int MAGIC = 42;
  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int UNDEFINED = 7;

  /** Reads from where the stream stands, to which offsets are relative. */
  static TiffDirectory read(ImageInputStream in) throws IOException {
    long base = in.getStreamPosition();
    in.setByteOrder(in.read() == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    in.skipBytes(1);
    int magic = in.readUnsignedShort();
    if (magic != MAGIC) {
      throw new BadImageException("TIFF's magic number is %d (expected: 42)".formatted(magic));
    }
    in.seek(base + in.readUnsignedInt());
    Map<Integer, long[]> values = new HashMap<>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      int tag = in.readUnsignedShort();
      int type = in.readUnsignedShort();
      long count = in.readUnsignedInt();
      long next = in.getStreamPosition() + 4;
      int size = size(type);
      if (size > 0) {
        if (size * count > 4) {
          in.seek(base + in.readUnsignedInt());
        }
        if (in.getStreamPosition() + size * count > in.length()) {
          throw new BadImageException("is cut: its tag " + tag + " ends beyond the file");
        }
        long[] read = new long[(int) count];
        for (int i = 0; i < count; i++) {
          read[i] =
              size == 1
                  ? in.readUnsignedByte()
                  : size == 2 ? in.readUnsignedShort() : in.readUnsignedInt();
        }
        values.putIfAbsent(tag, read);
      }
      in.seek(next);
    }
    return new TiffDirectory(values);
  }

  /** What EXIF data say of the orientation; data that cannot be read say nothing. */
  static Orientation orientationOf(byte @Nullable [] exif) {
    if (exif == null) {
      return Orientation.NORMAL;
    }
    try (ImageInputStream in = new BytesStream(exif)) {
      return read(in).orientation();
    } catch (IOException e) {
      // Cameras and editors leave such data behind; no reader of photos refuses them.
      return Orientation.NORMAL;
    }
  }

  Orientation orientation() {
    return Orientation.of(first(ORIENTATION, 1));
  }

  /** A tag's first value. */
  long first(int tag, long otherwise) {
    long[] all = all(tag);
    return all.length == 0 ? otherwise : all[0];
  }

  /** A tag's values; none if it is absent. */
  long[] all(int tag) {
    return values.getOrDefault(tag, new long[0]);
  }

  /** 0 for types that are not of whole numbers or bytes. */
  private static int size(int type) {
    return switch (type) {
      case BYTE, UNDEFINED -> 1;
      case SHORT -> 2;
      case LONG -> 4;
      default -> 0;
    };
  }

  /** Bytes as a stream that knows its length. */
  private static final class BytesStream extends MemoryCacheImageInputStream {
    private final int length;

    BytesStream(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
      this.length = bytes.length;
    }

    @Override
    public long length() {
      return length;
    }
  }
}
