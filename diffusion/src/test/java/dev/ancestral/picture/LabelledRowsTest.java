package dev.ancestral.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelledRowsTest {
  private static BufferedImage cell(int colour) {
    BufferedImage image = new BufferedImage(10, 10, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 100; i++) {
      image.setRGB(i % 10, i / 10, colour);
    }
    return image;
  }

  private static int brightest(BufferedImage sheet, int width) {
    int most = 0;
    for (int y = 0; y < sheet.getHeight(); y++) {
      for (int x = 0; x < width; x++) {
        most = Math.max(most, sheet.getRGB(x, y) & 0xFF);
      }
    }
    return most;
  }

  @Test
  void cellsStandRightOfTheLongestLabel_andAGroupApart() {
    BufferedImage sheet =
        LabelledRows.of(
            List.of(
                new LabelledRows.Row("a", false, List.of(cell(0xff0000), cell(0x00ff00))),
                new LabelledRows.Row("a longer label", true, List.of(cell(0x0000ff)))),
            3);
    int left = sheet.getWidth() - 2 * (30 + 2);
    assertTrue(left > 40, "place for the longer label: " + left);
    assertEquals(2 + 2 * 32 + 14, sheet.getHeight());
    assertEquals(0xffff0000, sheet.getRGB(left, 2));
    assertEquals(0xffff0000, sheet.getRGB(left + 29, 31));
    assertEquals(0xff00ff00, sheet.getRGB(left + 32, 2));
    assertEquals(0xff0000ff, sheet.getRGB(left, 2 + 32 + 14));
    assertEquals(0xff303038, sheet.getRGB(left, 2 + 32 + 13));
    assertTrue(brightest(sheet, left) > 0xc0, "letters");
  }
}
