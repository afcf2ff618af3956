package dev.ancestral.trainer.data.image;

import static dev.ancestral.trainer.data.image.Fixtures.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of other formats than PNG that are cut or spoilt. */
final class DamageTest {
  private static final long SEED = 20;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"ycc-420.jpg", "progressive.jpg", "gray.jpg", "cmyk.jpg", "restarts.jpg"})
  void aCutJpeg_isRefused(String name) throws IOException {
    byte[] whole = Fixtures.bytes(name);
    try (SpoiltFile spoilt = new SpoiltFile(directory.resolve(name), whole)) {
      for (int length = whole.length - 1; length >= 3; length--) {
        spoilt.cut(length);
        String refusal = refusal(spoilt.path());
        assertTrue(refusal.startsWith("is cut"), "at " + length + ": " + refusal);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lossy.webp",
        "lossless.webp",
        "alpha-lossy.webp",
        "rgb.bmp",
        "palette.bmp",
        "colours.gif",
        "gray.gif",
        "rgb.tif",
        "lzw.tif",
        "deflate.tif",
        "gray-16.tif"
      })
  void aCutFile_isRefused_orHasAllItsPixels(String name) throws IOException {
    Path file = Fixtures.copy(name, directory);
    byte[] pixels = ImageDecoder.decode(file, DecodeSettings.DEFAULTS).pixels();
    byte[] whole = Fixtures.bytes(name);
    try (SpoiltFile spoilt = new SpoiltFile(file, whole)) {
      for (int length = whole.length - 1; length >= 0; length--) {
        spoilt.cut(length);
        try {
          DecodedImage image = ImageDecoder.decode(file, DecodeSettings.DEFAULTS);
          assertArrayEquals(pixels, image.pixels(), "at " + length);
        } catch (UnreadableImageException e) {
          assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": "));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ycc-420.jpg",
        "cmyk-icc.jpg",
        "lossy.webp",
        "lossless.webp",
        "palette.bmp",
        "colours.gif",
        "lzw.tif",
        "palette.tif"
      })
  void whateverIsSpoilt_noOtherErrorComesOut(String name) throws IOException {
    Random random = new Random(SEED);
    byte[] whole = Fixtures.bytes(name);
    Path file = directory.resolve(name);
    try (SpoiltFile spoilt = new SpoiltFile(file, whole)) {
      for (int round = 0; round < 100; round++) {
        int[] places = random.ints(3, 0, whole.length).toArray();
        for (int place : places) {
          spoilt.set(place, random.nextInt(256));
        }
        try {
          ImageDecoder.decode(file, DecodeSettings.DEFAULTS.withLimits(1 << 20, 1 << 26));
        } catch (UnreadableImageException e) {
          String message = String.valueOf(e.getMessage());
          assertTrue(
              message.startsWith(file + ": ") && message.lines().count() == 1,
              "seed " + SEED + ", round " + round + ": " + message);
        }
        for (int place : places) {
          spoilt.set(place, whole[place]);
        }
      }
    }
  }

  @Test
  void kindsOfJpegThatAreNotRead_areNamed() throws IOException {
    byte[] jpeg = Fixtures.bytes("ycc-444.jpg");
    int frame = 0;
    while ((jpeg[frame] & 0xFF) != 0xFF || (jpeg[frame + 1] & 0xFF) != 0xC0) {
      frame++;
    }
    assertEquals(
        "is JPEG by process 0xC3 (expected: baseline or progressive)", with(jpeg, frame + 1, 0xC3));
    assertEquals("has samples of 12 bits (expected: 8)", with(jpeg, frame + 4, 12));
    assertEquals("has 2 components a pixel (expected: 1, 3 or 4)", with(jpeg, frame + 9, 2));
    byte[] low = jpeg.clone();
    low[frame + 5] = 0;
    assertEquals(
        "says that it is 12×0 pixels (expected: at least 1×1, at most 2147483647 a side)",
        with(low, frame + 6, 0));
  }

  @Test
  void aJpegWithAHole_isRefused_thoughItHasAnEnd() throws IOException {
    byte[] jpeg = Fixtures.bytes("ycc-444.jpg");
    byte[] holed = Arrays.copyOf(jpeg, jpeg.length - 40);
    System.arraycopy(jpeg, jpeg.length - 2, holed, holed.length - 2, 2);
    String refusal = refusal(Files.write(directory.resolve("a.jpg"), holed));
    assertTrue(refusal.startsWith("is damaged (Corrupt JPEG data"), refusal);
  }

  @Test
  void odditiesOfJpegThatSpoilNoPixel_areRead() throws IOException {
    byte[] jpeg = Fixtures.bytes("ycc-444.jpg");
    Path file = Fixtures.copy("ycc-444.jpg", directory);
    byte[] pixels = ImageDecoder.decode(file, DecodeSettings.DEFAULTS).pixels();
    int scan = jpeg.length;
    do {
      scan--;
    } while ((jpeg[scan] & 0xFF) != 0xFF || (jpeg[scan + 1] & 0xFF) != 0xDA);
    byte[] asProgressive = jpeg.clone();
    asProgressive[scan + 2 + jpeg[scan + 3] - 2] = 5;
    Files.write(file, asProgressive);
    assertArrayEquals(pixels, ImageDecoder.decode(file, DecodeSettings.DEFAULTS).pixels());
    byte[] withSurplus = Arrays.copyOf(jpeg, jpeg.length + 2);
    System.arraycopy(
        new byte[] {1, 2, (byte) 0xFF, (byte) 0xD9}, 0, withSurplus, jpeg.length - 2, 4);
    Files.write(file, withSurplus);
    assertArrayEquals(pixels, ImageDecoder.decode(file, DecodeSettings.DEFAULTS).pixels());
  }

  private String with(byte[] whole, int at, int value) throws IOException {
    byte[] changed = whole.clone();
    changed[at] = (byte) value;
    return refusal(Files.write(directory.resolve("a.jpg"), changed));
  }
}
