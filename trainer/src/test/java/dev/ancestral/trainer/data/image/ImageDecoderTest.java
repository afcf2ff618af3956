package dev.ancestral.trainer.data.image;

import static dev.ancestral.trainer.data.image.Fixtures.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings, limits, names and what stands in a file's way. */
final class ImageDecoderTest {
  @TempDir private Path directory;

  private Path gray(int width, int height, int depth, int... samples) throws IOException {
    return Files.write(
        directory.resolve("a.png"), new PngWriter(width, height, depth, 0, samples).bytes());
  }

  /** A file that says a size and has no pixels to it. */
  private Path saying(int width, int height) throws IOException {
    byte[] png = new PngWriter(1, 1, 8, 0, new int[1]).bytes();
    ByteBuffer.wrap(png).putInt(16, width).putInt(20, height);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    return Files.write(directory.resolve("bomb.png"), png);
  }

  private static String refusalWith(Path file, DecodeSettings settings) {
    String message =
        String.valueOf(
            assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(file, settings))
                .getMessage());
    return message.substring((file + ": ").length());
  }

  @Test
  void sixteenBits_areScaledByWhatIsWhite() throws IOException {
    Path file = gray(4, 1, 16, 0, 2048, 4095, 1000);
    DecodedImage all = ImageDecoder.decode(file, DecodeSettings.DEFAULTS);
    assertArrayEquals(new byte[] {0, 8, 16, 4}, all.pixels());
    assertEquals(
        "16 bits, 0..4095 of 65535",
        "%d bits, %d..%d of %d".formatted(all.bits(), all.smallest(), all.largest(), all.white()));
    DecodedImage twelve = ImageDecoder.decode(file, DecodeSettings.DEFAULTS.withBits(12));
    assertArrayEquals(new byte[] {0, (byte) 128, (byte) 255, 62}, twelve.pixels());
    assertEquals(4095, twelve.white());
    assertEquals(
        "has a sample of 4095 (expected: at most 2047, as data.bits says)",
        refusalWith(file, DecodeSettings.DEFAULTS.withBits(11)));
  }

  @Test
  void filesOfFewerBits_areReadInFull() throws IOException {
    Path file = gray(2, 1, 8, 100, 255);
    assertArrayEquals(
        new byte[] {100, (byte) 255},
        ImageDecoder.decode(file, DecodeSettings.DEFAULTS.withBits(12)).pixels());
  }

  @Test
  void aBomb_isRefusedByItsHeader() throws IOException {
    assertEquals(
        "is 40000×40000 pixels, 1600000000 in all (expected: at most 178956970)",
        refusal(saying(40_000, 40_000)));
    assertEquals(
        "is 2147483647×2147483647 pixels, 4611686014132420609 in all (expected: at most 178956970)",
        refusal(saying(Integer.MAX_VALUE, Integer.MAX_VALUE)));
    assertEquals(
        "says that it is 2147483648×1 pixels (expected: at least 1×1, at most 2147483647 a side)",
        refusal(saying(Integer.MIN_VALUE, 1)));
    assertEquals(
        "is 3000×2000 pixels, which take 68 MiB to decode (expected: at most 32 MiB)",
        refusalWith(saying(3000, 2000), DecodeSettings.DEFAULTS.withLimits(10_000_000, 32L << 20)));
    assertEquals("is cut", refusal(saying(3000, 2000)), "within the limits its pixels are missing");
  }

  @Test
  void whatIsNoImage_isSaidToBeNone() throws IOException {
    assertEquals(
        "is not an image, whatever its name says",
        refusal(Files.writeString(directory.resolve("a.jpg"), "text")));
    assertEquals("is empty", refusal(Files.createFile(directory.resolve("b.png"))));
    assertEquals("no such file", refusal(directory.resolve("none.png")));
    assertEquals("cannot be read (Is a directory)", refusal(directory));
  }

  @Test
  void theFormat_isFoundByItsFirstBytes() throws IOException {
    Path file = Files.write(directory.resolve("a.png"), Fixtures.bytes("lossless.webp"));
    assertEquals(new ImageHeader(ImageFormat.WEBP, 12, 8, 8), ImageDecoder.header(file));
  }

  @Test
  void aFileWithoutPermission_isSaidToBeOne() throws IOException {
    assertEquals("permission denied", ImageDecoder.reason(new AccessDeniedException("a.png")));
    Path file = gray(1, 1, 8, 5);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(file), "the superuser may read all");
    assertEquals("permission denied", refusal(file));
  }

  @Test
  void anyName_isReadAndSaidInOneLine() throws IOException {
    Path named = directory.resolve("äöü 字\n.png");
    Files.move(gray(1, 1, 8, 5), named);
    assertArrayEquals(new byte[] {5}, ImageDecoder.decode(named, DecodeSettings.DEFAULTS).pixels());
    Files.writeString(named, "text");
    UnreadableImageException refused =
        assertThrows(UnreadableImageException.class, () -> ImageDecoder.header(named));
    assertEquals(
        directory.resolve("äöü 字") + "\\n.png: is not an image, whatever its name says",
        refused.getMessage());
  }

  @Test
  void grayWithHiddenColours_isGray() throws IOException {
    int[] samples = {9, 9, 9, 255, 250, 0, 0, 0};
    Path file = Files.write(directory.resolve("a.png"), new PngWriter(2, 1, 8, 6, samples).bytes());
    DecodedImage image = ImageDecoder.decode(file, DecodeSettings.DEFAULTS);
    assertEquals(1, image.channels());
    assertArrayEquals(new byte[] {9, (byte) 255}, image.pixels());
  }
}
