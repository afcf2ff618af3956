package dev.ancestral.trainer.data.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/** WebP as TwelveMonkeys reads it; the file is a list of chunks of type, length, data. */
final class WebpCodec implements Codec {
  /** Before the first chunk: RIFF, the length of what follows, WEBP. */
  private static final int HEADER = 12;

  /** Of the extended header's first byte. */
  private static final int PROFILE_FLAG = 0x20;

  /** Where the data of a chunk begin, and how many they are. */
  private record Chunk(long offset, long length) {}

  @Override
  public ImageHeader header(ImageInputStream in) throws IOException {
    Map<String, Chunk> chunks = chunks(in);
    Orientation orientation = TiffDirectory.orientationOf(exif(in, chunks));
    Chunk extended = chunks.get("VP8X");
    if (extended != null) {
      in.seek(extended.offset() + 4);
      int width = 1 + (in.readUnsignedShort() | (in.readUnsignedByte() << 16));
      int height = 1 + (in.readUnsignedShort() | (in.readUnsignedByte() << 16));
      return ImageHeader.of(ImageFormat.WEBP, width, height, 8, orientation);
    }
    Chunk lossless = chunks.get("VP8L");
    if (lossless != null) {
      in.seek(lossless.offset() + 1);
      long bits = in.readUnsignedInt();
      return ImageHeader.of(
          ImageFormat.WEBP, 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF), 8, orientation);
    }
    Chunk lossy = chunks.get("VP8 ");
    if (lossy == null) {
      throw new BadImageException("holds no picture");
    }
    in.seek(lossy.offset() + 6);
    int width = in.readUnsignedShort() & 0x3FFF;
    int height = in.readUnsignedShort() & 0x3FFF;
    return ImageHeader.of(ImageFormat.WEBP, width, height, 8, orientation);
  }

  @Override
  public DecodedImage decode(ImageInputStream in, DecodeSettings settings) throws IOException {
    Map<String, Chunk> chunks = chunks(in);
    ReadImage read = ReadImage.first(ImageReaders.ofWebp(), withoutProfile(in, chunks));
    Canvas canvas =
        read.canvas(
            read.image().getWidth(), read.image().getHeight(), read.isTransparent(), settings);
    read.putOn(canvas, 0, 0);
    return canvas.finish(
        ColourProfile.of(data(in, chunks.get("ICCP"))),
        TiffDirectory.orientationOf(exif(in, chunks)));
  }

  /** The same file with nothing that its reader would convert colours by. */
  private static ImageInputStream withoutProfile(ImageInputStream in, Map<String, Chunk> chunks)
      throws IOException {
    Chunk profile = chunks.get("ICCP");
    Chunk extended = chunks.get("VP8X");
    if (profile == null || extended == null) {
      return in;
    }
    byte[] file = new byte[Math.toIntExact(in.length())];
    in.seek(0);
    in.readFully(file);
    file[(int) profile.offset() - 8] = '-';
    file[(int) extended.offset()] &= ~PROFILE_FLAG;
    return new MemoryCacheImageInputStream(new ByteArrayInputStream(file));
  }

  /** The first of each type. */
  private static Map<String, Chunk> chunks(ImageInputStream in) throws IOException {
    in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
    in.seek(4);
    long end = 8 + in.readUnsignedInt();
    if (end > in.length()) {
      throw new BadImageException(
          "is cut: it says %d bytes and has %d".formatted(end, in.length()));
    }
    Map<String, Chunk> chunks = new LinkedHashMap<>();
    for (long at = HEADER; at + 8 <= end; ) {
      in.seek(at);
      byte[] type = new byte[4];
      in.readFully(type);
      Chunk chunk = new Chunk(at + 8, in.readUnsignedInt());
      if (chunk.offset() + chunk.length() > end) {
        throw new BadImageException("has a chunk that ends beyond the file");
      }
      chunks.putIfAbsent(new String(type, StandardCharsets.ISO_8859_1), chunk);
      at = chunk.offset() + chunk.length() + (chunk.length() & 1);
    }
    return chunks;
  }

  private static byte @Nullable [] exif(ImageInputStream in, Map<String, Chunk> chunks)
      throws IOException {
    byte[] data = data(in, chunks.get("EXIF"));
    // Some writers leave JPEG's words before the data.
    boolean prefixed = data != null && data.length > 6 && data[0] == 'E';
    return data != null && prefixed ? Arrays.copyOfRange(data, 6, data.length) : data;
  }

  private static byte @Nullable [] data(ImageInputStream in, @Nullable Chunk chunk)
      throws IOException {
    if (chunk == null) {
      return null;
    }
    byte[] data = new byte[Math.toIntExact(chunk.length())];
    in.seek(chunk.offset());
    in.readFully(data);
    return data;
  }
}
