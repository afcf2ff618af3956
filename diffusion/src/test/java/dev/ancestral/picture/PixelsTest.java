package dev.ancestral.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelsTest {
  @ParameterizedTest
  @CsvSource({
    "-1, -1, 1, 0",
    "1, -1, 1, 255",
    "0, -1, 1, 128",
    "-7, -1, 1, 0",
    "7, -1, 1, 255",
    "0.5, 0, 1, 128",
    "0.25, 0, 1, 64",
    "NaN, -1, 1, 0",
    "Infinity, -1, 1, 255",
    "37, 0, 255, 37"
  })
  void aNumberBecomesTheNearestLevelOfItsRange(float value, double min, double max, int level) {
    assertEquals(level, Byte.toUnsignedInt(Pixels.quantise(new float[] {value}, min, max)[0]));
  }

  @Test
  void aGrayPictureSurvivesItsFile() throws IOException {
    float[] data = new float[256];
    int[] expected = new int[256];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (i / 255.0 * 2 - 1);
      expected[i] = i;
    }
    BufferedImage image = roundTrip(Pixels.image(data, new long[] {1, 8, 32}, -1, 1));
    assertEquals(32, image.getWidth());
    assertEquals(8, image.getHeight());
    assertEquals(BufferedImage.TYPE_BYTE_GRAY, image.getType());
    assertArrayEquals(expected, image.getRaster().getPixels(0, 0, 32, 8, (int[]) null));
  }

  @Test
  void aColourPictureSurvivesItsFile() throws IOException {
    float[] data = {0, 1, 2, 3, 100, 101, 102, 103, 200, 201, 202, 255};
    BufferedImage image = roundTrip(Pixels.image(data, new long[] {3, 2, 2}, 0, 255));
    assertEquals(0x0064C8, image.getRGB(0, 0) & 0xFFFFFF);
    assertEquals(0x0165C9, image.getRGB(1, 0) & 0xFFFFFF);
    assertEquals(0x0266CA, image.getRGB(0, 1) & 0xFFFFFF);
    assertEquals(0x0367FF, image.getRGB(1, 1) & 0xFFFFFF);
  }

  @Test
  void aShapeThatIsNoPictureIsRefused() {
    for (long[] shape : new long[][] {{2, 2, 2}, {4}, {1, 2, 3}, {}}) {
      assertThrows(IllegalArgumentException.class, () -> Pixels.image(new float[8], shape, -1, 1));
    }
  }

  private static BufferedImage roundTrip(BufferedImage image) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(Pixels.png(image)));
  }
}
