package dev.ancestral.trainer.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The eight values of EXIF's orientation, on a stored picture of the levels 1 2 3 over 4 5 6. */
final class OrientationTest {
  /** As seen, row by row; EXIF 2.32, 4.6.4: where row 0 and column 0 of the stored picture are. */
  private static final String[] SEEN = {
    "123/456", "321/654", "654/321", "456/123", "14/25/36", "41/52/63", "63/52/41", "36/25/14"
  };

  @TempDir private Path directory;

  private static byte[] exif(int orientation, ByteOrder order) {
    return ByteBuffer.allocate(26)
        .order(order)
        .put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(StandardCharsets.US_ASCII))
        .putShort((short) 42)
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 0x0112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .array();
  }

  private static PngWriter stored() {
    return new PngWriter(3, 2, 8, 0, new int[] {1, 2, 3, 4, 5, 6});
  }

  private String seen(PngWriter png) throws IOException {
    Path file = Files.write(directory.resolve("a.png"), png.bytes());
    DecodedImage image = ImageDecoder.decode(file, DecodeSettings.DEFAULTS);
    ImageHeader header = ImageDecoder.header(file);
    assertEquals(image.width() + "×" + image.height(), header.width() + "×" + header.height());
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < image.pixels().length; i++) {
      rows.append(i > 0 && i % image.width() == 0 ? "/" : "").append(image.pixels()[i]);
    }
    return rows.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void png_isTurned_whereverItsChunkStands(int orientation) throws IOException {
    String expected = SEEN[orientation - 1];
    assertEquals(expected, seen(stored().before("eXIf", exif(orientation, ByteOrder.BIG_ENDIAN))));
    assertEquals(
        expected, seen(stored().after("eXIf", exif(orientation, ByteOrder.LITTLE_ENDIAN))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void jpeg_isTurned_asItsPixelsWouldBe(int orientation) throws IOException {
    Path file = Fixtures.copy("ycc-444.jpg", directory);
    DecodedImage upright = ImageDecoder.decode(file, DecodeSettings.DEFAULTS);
    ByteArrayOutputStream turned = new ByteArrayOutputStream();
    byte[] bytes = Fixtures.bytes("ycc-444.jpg");
    byte[] exif = exif(orientation, ByteOrder.LITTLE_ENDIAN);
    turned.write(bytes, 0, 2);
    turned.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, (byte) (exif.length + 8)});
    turned.writeBytes("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
    turned.writeBytes(exif);
    turned.write(bytes, 2, bytes.length - 2);
    Files.write(file, turned.toByteArray());
    DecodedImage seen = ImageDecoder.decode(file, DecodeSettings.DEFAULTS);
    // The corner that is seen at the upper left is one of the stored four.
    int right = upright.width() - 1;
    int bottom = upright.height() - 1;
    int[][] corners = {
      {0, 0},
      {right, 0},
      {right, bottom},
      {0, bottom},
      {0, 0},
      {0, bottom},
      {right, bottom},
      {right, 0}
    };
    assertEquals(
        rgb(upright, corners[orientation - 1][0], corners[orientation - 1][1]), rgb(seen, 0, 0));
    assertEquals(orientation < 5 ? upright.width() : upright.height(), seen.width());
    assertEquals(seen.width(), ImageDecoder.header(file).width());
  }

  private static String rgb(DecodedImage image, int x, int y) {
    int at = 3 * (y * image.width() + x);
    return image.pixels()[at] + " " + image.pixels()[at + 1] + " " + image.pixels()[at + 2];
  }

  @Test
  void whatIsNoOrientation_turnsNothing() throws IOException {
    for (int none : new int[] {0, 9, 65535}) {
      assertEquals("123/456", seen(stored().before("eXIf", exif(none, ByteOrder.BIG_ENDIAN))));
    }
    // Down to where the value stands.
    byte[] exif = exif(6, ByteOrder.BIG_ENDIAN);
    for (int length = 0; length < 20; length++) {
      assertEquals(
          "123/456",
          seen(stored().before("eXIf", Arrays.copyOf(exif, length))),
          "cut at " + length);
    }
  }
}
