package dev.ancestral.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  private static final int GAP = 2;

  @Test
  void cellsStandRowByRowWithGapsBetween() {
    List<BufferedImage> cells =
        IntStream.of(10, 20, 30, 40, 50).mapToObj(level -> cell(3, 2, level)).toList();
    BufferedImage sheet = ContactSheet.of(cells, 3, 4);
    assertEquals(3 * (3 * 4 + GAP) + GAP, sheet.getWidth());
    assertEquals(2 * (2 * 4 + GAP) + GAP, sheet.getHeight());
    for (int i = 0; i < cells.size(); i++) {
      int x = GAP + i % 3 * (12 + GAP);
      int y = GAP + i / 3 * (8 + GAP);
      int level = 10 * (i + 1);
      assertEquals(level, blue(sheet, x, y), "first pixel of cell " + i);
      assertEquals(level, blue(sheet, x + 11, y + 7), "last pixel of cell " + i);
    }
    int ground = blue(sheet, 0, 0);
    assertEquals(ground, blue(sheet, GAP + 12, GAP), "gap");
    assertEquals(ground, blue(sheet, sheet.getWidth() - 1, sheet.getHeight() - 1));
    assertEquals(ground, blue(sheet, GAP + 2 * (12 + GAP), GAP + 8 + GAP), "empty cell");
  }

  @Test
  void pixelsAreEnlargedWithoutBlur() {
    BufferedImage cell = cell(2, 1, 0);
    cell.getRaster().setSample(1, 0, 0, 200);
    BufferedImage sheet = ContactSheet.of(List.of(cell), 1, 5);
    for (int x = 0; x < 10; x++) {
      assertEquals(x < 5 ? 0 : 200, blue(sheet, GAP + x, GAP + 4), "x " + x);
    }
  }

  @Test
  void grayLevelsStayWhatTheyAre() {
    for (int level = 0; level < 256; level++) {
      BufferedImage sheet = ContactSheet.of(Collections.singletonList(cell(1, 1, level)), 1, 1);
      assertEquals(level, blue(sheet, GAP, GAP));
    }
  }

  @Test
  void smallCellsAreEnlargedAndLargeOnesKept() {
    assertEquals(7, ContactSheet.comfortableScale(8));
    assertEquals(2, ContactSheet.comfortableScale(28));
    assertEquals(1, ContactSheet.comfortableScale(56));
    assertEquals(1, ContactSheet.comfortableScale(512));
  }

  private static BufferedImage cell(int width, int height, int level) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < width * height; i++) {
      image.getRaster().setSample(i % width, i / width, 0, level);
    }
    return image;
  }

  private static int blue(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xFF;
  }
}
