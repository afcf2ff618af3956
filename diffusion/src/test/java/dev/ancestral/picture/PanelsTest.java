package dev.ancestral.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.picture.Panels.Panel;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PanelsTest {
  private static final int RED = 0xFFFF0000;

  private static Panel panel() {
    BufferedImage red = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 40 * 30; i++) {
      red.setRGB(i % 40, i / 40, RED);
    }
    return new Panel("t = 7", red);
  }

  private static long count(BufferedImage sheet, IntPredicate matching) {
    return IntStream.range(0, sheet.getWidth() * sheet.getHeight())
        .map(i -> sheet.getRGB(i % sheet.getWidth(), i / sheet.getWidth()))
        .filter(matching)
        .count();
  }

  @Test
  void everyPanelIsDrawnWhole_underItsCaption() {
    BufferedImage sheet = Panels.of(Collections.nCopies(5, panel()), 3);
    assertEquals(5 * 40 * 30, count(sheet, rgb -> rgb == RED));
    assertTrue(count(sheet, rgb -> rgb != RED && rgb != 0xFFFFFFFF) > 0, "captions");
  }

  @Test
  void fewerPanelsThanColumns_makeANarrowerSheet() {
    assertEquals(
        Panels.of(Collections.nCopies(2, panel()), 2).getWidth(),
        Panels.of(Collections.nCopies(2, panel()), 9).getWidth());
  }
}
