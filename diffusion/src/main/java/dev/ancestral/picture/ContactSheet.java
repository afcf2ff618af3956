package dev.ancestral.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Many pictures of one size on one sheet, row by row. */
public final class ContactSheet {
  private static final int GAP = 2;
  private static final int TARGET_CELL = 56;
  private static final Color GROUND = new Color(0x30, 0x30, 0x38);

  private ContactSheet() {}

  /**
   * The sheet.
   *
   * @param cells at least one; the first one's size holds for all
   * @param columns cells in a row, at least 1
   * @param scale each pixel becomes a square of this many, at least 1
   */
  public static BufferedImage of(List<BufferedImage> cells, int columns, int scale) {
    int width = cells.get(0).getWidth() * scale;
    int height = cells.get(0).getHeight() * scale;
    int rows = (cells.size() + columns - 1) / columns;
    BufferedImage sheet =
        new BufferedImage(
            columns * (width + GAP) + GAP, rows * (height + GAP) + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    try {
      graphics.setColor(GROUND);
      graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
      for (int i = 0; i < cells.size(); i++) {
        int x = GAP + i % columns * (width + GAP);
        int y = GAP + i / columns * (height + GAP);
        graphics.drawImage(cells.get(i), x, y, width, height, null);
      }
    } finally {
      graphics.dispose();
    }
    return sheet;
  }

  /** A scale at which a cell of this width is comfortable to look at: 1 for large images. */
  public static int comfortableScale(int cellWidth) {
    return Math.max(1, TARGET_CELL / cellWidth);
  }
}
