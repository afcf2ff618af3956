package dev.ancestral.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Rows of pictures of one size, each with what it shows to the left of it. */
public final class LabelledRows {
  private static final int GAP = 2;
  private static final int MARGIN = 6;
  private static final int APART = 14;
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  private static final Color GROUND = new Color(0x30, 0x30, 0x38);
  private static final Color LETTERS = new Color(0xe8, 0xe8, 0xe8);

  private LabelledRows() {}

  /**
   * A row.
   *
   * @param label what it shows, in a few words
   * @param apart whether it begins a group, with space above
   * @param cells at least one
   */
  public record Row(String label, boolean apart, List<BufferedImage> cells) {}

  /**
   * The sheet.
   *
   * @param rows at least one; the first cell's size holds for all
   * @param scale each pixel becomes a square of this many, at least 1
   */
  public static BufferedImage of(List<Row> rows, int scale) {
    Fonts.require();
    BufferedImage first = rows.get(0).cells().get(0);
    int width = first.getWidth() * scale;
    int height = Math.max(first.getHeight() * scale, lettering().getHeight());
    int left =
        2 * MARGIN
            + rows.stream().mapToInt(row -> lettering().stringWidth(row.label())).max().orElse(0);
    int columns = rows.stream().mapToInt(row -> row.cells().size()).max().orElse(0);
    int apart = (int) rows.stream().filter(Row::apart).count();
    BufferedImage sheet =
        new BufferedImage(
            left + columns * (width + GAP),
            GAP + rows.size() * (height + GAP) + apart * APART,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    try {
      graphics.setColor(GROUND);
      graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setFont(FONT);
      graphics.setColor(LETTERS);
      FontMetrics metrics = graphics.getFontMetrics();
      int y = GAP;
      for (Row row : rows) {
        y += row.apart() ? APART : 0;
        graphics.drawString(
            row.label(), MARGIN, y + (height - metrics.getHeight()) / 2 + metrics.getAscent());
        for (int i = 0; i < row.cells().size(); i++) {
          graphics.drawImage(
              row.cells().get(i),
              left + i * (width + GAP),
              y,
              width,
              first.getHeight() * scale,
              null);
        }
        y += height + GAP;
      }
    } finally {
      graphics.dispose();
    }
    return sheet;
  }

  private static FontMetrics lettering() {
    Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      return graphics.getFontMetrics(FONT);
    } finally {
      graphics.dispose();
    }
  }
}
