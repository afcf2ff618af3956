package dev.ancestral.trainer.data.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a PNG file, in their order: after the signature, each is the length of its data,
 * four letters of its type, the data, and a checksum of type and data.
 */
final class PngChunks {
  private static final int SIGNATURE = 8;

  /** Bytes of a chunk beside its data. */
  private static final int AROUND = 12;

  private static final Set<String> CRITICAL = Set.of("IHDR", "PLTE", "IDAT", "IEND");

  /** What a wrong checksum of them may spoil is not looked at. */
  private static final Set<String> NOTES =
      Set.of(
          "tEXt", "zTXt", "iTXt", "tIME", "pHYs", "gAMA", "cHRM", "sBIT", "bKGD", "hIST", "sPLT");

  /**
   * @param offset of its data in the file
   */
  record Chunk(String type, long offset, int length) {}

  private final ImageInputStream in;
  private final List<Chunk> chunks = new ArrayList<>();

  /**
   * Finds the chunks down to the last one.
   *
   * @param verified whether every checksum is verified, for which every byte is read
   */
  PngChunks(ImageInputStream in, boolean verified) throws IOException {
    this.in = in;
    in.setByteOrder(ByteOrder.BIG_ENDIAN);
    in.seek(SIGNATURE);
    String type = "";
    while (!type.equals("IEND")) {
      long start = in.getStreamPosition();
      long length = in.readUnsignedInt();
      type = type(in);
      if (start + AROUND + length > in.length()) {
        throw new BadImageException(
            "is cut: its chunk %s of %d bytes ends beyond the file".formatted(type, length));
      }
      if (length > Integer.MAX_VALUE - AROUND) {
        throw new BadImageException("has a chunk %s of %d bytes".formatted(type, length));
      }
      if (Character.isUpperCase(type.charAt(0)) && !CRITICAL.contains(type)) {
        throw new BadImageException(
            "needs the chunk %s, which is none of PNG's (expected: one of %s)"
                .formatted(type, "IHDR, PLTE, IDAT, IEND"));
      }
      Chunk chunk = new Chunk(type, start + 8, (int) length);
      if (verified || type.equals("IHDR")) {
        verify(chunk);
      }
      chunks.add(chunk);
      in.seek(start + AROUND + length);
    }
  }

  private static String type(ImageInputStream in) throws IOException {
    byte[] letters = new byte[4];
    in.readFully(letters);
    String type = new String(letters, StandardCharsets.ISO_8859_1);
    if (!type.matches("[A-Za-z]{4}")) {
      throw new BadImageException(
          "has a chunk whose type is no four letters, 0x%08x"
              .formatted(ByteBuffer.wrap(letters).getInt()));
    }
    return type;
  }

  private void verify(Chunk chunk) throws IOException {
    CRC32 crc = new CRC32();
    in.seek(chunk.offset() - 4);
    byte[] block = new byte[8192];
    for (int left = chunk.length() + 4; left > 0; ) {
      int size = Math.min(left, block.length);
      in.readFully(block, 0, size);
      crc.update(block, 0, size);
      left -= size;
    }
    if (in.readUnsignedInt() != crc.getValue() && !NOTES.contains(chunk.type())) {
      throw new BadImageException("has a bad checksum in chunk " + chunk.type());
    }
  }

  /** The first chunk of all. */
  Chunk first() {
    return chunks.get(0);
  }

  /** Those of this type, in their order. */
  List<Chunk> all(String type) {
    return chunks.stream().filter(chunk -> chunk.type().equals(type)).toList();
  }

  /** The data of the first chunk of this type; null without one. */
  byte @Nullable [] data(String type) throws IOException {
    List<Chunk> found = all(type);
    if (found.isEmpty()) {
      return null;
    }
    byte[] data = new byte[found.get(0).length()];
    in.seek(found.get(0).offset());
    in.readFully(data);
    return data;
  }
}
