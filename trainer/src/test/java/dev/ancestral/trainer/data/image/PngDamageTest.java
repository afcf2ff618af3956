package dev.ancestral.trainer.data.image;

import static dev.ancestral.trainer.data.image.Fixtures.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No damage gives other pixels: a file is refused, or is what it was. */
final class PngDamageTest {
  private static final int SIGNATURE = 8;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("a.png");
  }

  /** Where a chunk begins, and its type. */
  private record Place(String type, int start, int length) {}

  private static List<Place> chunks(byte[] png) {
    List<Place> chunks = new ArrayList<>();
    for (int at = SIGNATURE; at < png.length; ) {
      int length = ByteBuffer.wrap(png).getInt(at);
      String type = new String(png, at + 4, 4, StandardCharsets.US_ASCII);
      chunks.add(new Place(type, at, length));
      at += 12 + length;
    }
    return chunks;
  }

  /** Of a palette with transparency and notes, so that every kind of chunk is there. */
  private static byte[] picture(int colourType) {
    return new GeneratedPng(colourType, 8, 9, 7)
        .withTransparencyChunk()
        .writer(false)
        .before("tEXt", "Title\0x".getBytes(StandardCharsets.US_ASCII))
        .after("tIME", new byte[7])
        .bytes();
  }

  private DecodedImage decode(byte[] bytes) throws IOException {
    return ImageDecoder.decode(Files.write(file, bytes), DecodeSettings.DEFAULTS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3, 6})
  void aByteChangedAnywhere_isRefused_orChangesNoPixel(int colourType) throws IOException {
    byte[] whole = picture(colourType);
    byte[] pixels = decode(whole).pixels();
    int refused = 0;
    try (SpoiltFile spoilt = new SpoiltFile(file, whole)) {
      for (int i = 0; i < whole.length; i++) {
        for (int flip : new int[] {0x01, 0x20, 0xFF}) {
          spoilt.set(i, whole[i] ^ flip);
          try {
            DecodedImage image = ImageDecoder.decode(file, DecodeSettings.DEFAULTS);
            assertArrayEquals(pixels, image.pixels(), "byte " + i + " ^ " + flip);
          } catch (UnreadableImageException e) {
            refused++;
          }
        }
        spoilt.set(i, whole[i]);
      }
    }
    // All but the data and checksums of the three chunks of notes: gAMA, tEXt, tIME.
    assertEquals(3 * (whole.length - (4 + 4) - (7 + 4) - (7 + 4)), refused);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3, 6})
  void cutAnywhere_isRefused(int colourType) throws IOException {
    byte[] whole = picture(colourType);
    try (SpoiltFile spoilt = new SpoiltFile(file, whole)) {
      for (int length = whole.length - 1; length >= SIGNATURE; length--) {
        spoilt.cut(length);
        String refusal = refusal(file);
        assertTrue(refusal.startsWith("is cut"), "at " + length + ": " + refusal);
      }
    }
  }

  @Test
  void aBadChecksum_namesTheChunk() throws IOException {
    byte[] whole = picture(3);
    for (Place chunk : chunks(whole)) {
      if (!List.of("gAMA", "tEXt", "tIME").contains(chunk.type())) {
        byte[] damaged = whole.clone();
        damaged[chunk.start() + 8 + chunk.length()] ^= 1;
        Files.write(file, damaged);
        assertEquals("has a bad checksum in chunk " + chunk.type(), refusal(file));
      }
    }
  }

  @Test
  void headersThatPngDoesNotKnow_areRefused() throws IOException {
    assertEquals(
        "says that it is 0×5 pixels (expected: at least 1×1, at most 2147483647 a side)",
        refusal(written(new PngWriter(0, 5, 8, 0, new int[0]))));
    assertEquals(
        "has the colour type 5 (expected: 0, 2, 3, 4 or 6)",
        refusal(written(new PngWriter(1, 1, 8, 5, new int[1]))));
    assertEquals(
        "has 16 bits with the colour type PALETTE, which PNG does not know",
        refusal(written(new PngWriter(1, 1, 16, 3, new int[1]))));
    assertEquals(
        "has 3 bits with the colour type GRAY, which PNG does not know",
        refusal(written(new PngWriter(1, 1, 3, 0, new int[1]))));
    assertEquals(
        "has no palette, although its pixels name entries of one",
        refusal(written(new PngWriter(1, 1, 8, 3, new int[1]))));
    assertEquals(
        "has a pixel of entry 2 in a palette of 2",
        refusal(written(new PngWriter(1, 1, 8, 3, new int[] {2}).before("PLTE", new byte[6]))));
    assertEquals(
        "needs the chunk CgBI, which is none of PNG's (expected: one of IHDR, PLTE, IDAT, IEND)",
        refusal(written(new PngWriter(1, 1, 8, 0, new int[1]).before("CgBI", new byte[4]))));
    assertEquals(
        "has a chunk tRNS of 3 bytes (expected: 2)",
        refusal(written(new PngWriter(1, 1, 8, 0, new int[1]).before("tRNS", new byte[3]))));
  }

  private Path written(PngWriter png) throws IOException {
    return Files.write(file, png.bytes());
  }
}
