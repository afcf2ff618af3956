package dev.ancestral.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;

/** Many pictures of one size on one sheet, row by row. */
public final class ContactSheet {
  private static final int GAP = 2;
  private static final int TARGET_CELL = 56;
  private static final Color GROUND = new Color(0x30, 0x30, 0x38);
  private static final Color LETTERS = new Color(0xe8, 0xe8, 0xe8);
  private static final int CAPTION = 16;
  private static final int LETTERING = 11;

  private ContactSheet() {}

  /**
   * The sheet.
   *
   * @param cells at least one; the first one's size holds for all
   * @param columns cells in a row, at least 1
   * @param scale each pixel becomes a square of this many, at least 1
   */
  public static BufferedImage of(List<BufferedImage> cells, int columns, int scale) {
    return of(cells, columns, scale, List.of());
  }

  /**
   * The sheet with what its cells show: above a column whose cells are all of one kind, if that
   * holds for every column, else below each cell. Captions too long for their cell are cut.
   *
   * @param captions one for each cell, or none at all
   */
  public static BufferedImage of(
      List<BufferedImage> cells, int columns, int scale, List<String> captions) {
    int width = cells.get(0).getWidth() * scale;
    int height = cells.get(0).getHeight() * scale;
    int rows = (cells.size() + columns - 1) / columns;
    boolean above = isSameInEveryColumn(captions, columns);
    int top = captions.isEmpty() || !above ? GAP : GAP + CAPTION;
    int pitch = captions.isEmpty() || above ? height + GAP : height + CAPTION + GAP;
    BufferedImage sheet =
        new BufferedImage(
            columns * (width + GAP) + GAP, top + rows * pitch, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    try {
      graphics.setColor(GROUND);
      graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
      for (int i = 0; i < cells.size(); i++) {
        int x = GAP + i % columns * (width + GAP);
        int y = top + i / columns * pitch;
        graphics.drawImage(cells.get(i), x, y, width, height, null);
        if (i < captions.size() && (!above || i < columns)) {
          write(graphics, captions.get(i), x, above ? GAP : y + height, width);
        }
      }
    } finally {
      graphics.dispose();
    }
    return sheet;
  }

  private static boolean isSameInEveryColumn(List<String> captions, int columns) {
    return IntStream.range(0, captions.size())
        .allMatch(i -> captions.get(i).equals(captions.get(i % columns)));
  }

  private static void write(Graphics2D graphics, String caption, int x, int y, int width) {
    Fonts.require();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, LETTERING));
    graphics.setColor(LETTERS);
    FontMetrics metrics = graphics.getFontMetrics();
    String text = caption;
    for (int end = caption.length() - 1; end > 0 && metrics.stringWidth(text) > width; end--) {
      text = caption.substring(0, end) + "\u2026";
    }
    int indent = Math.max(0, (width - metrics.stringWidth(text)) / 2);
    graphics.drawString(text, x + indent, y + metrics.getAscent() + 1);
  }

  /** A scale at which a cell of this width is comfortable to look at: 1 for large images. */
  public static int comfortableScale(int cellWidth) {
    return Math.max(1, TARGET_CELL / cellWidth);
  }
}
