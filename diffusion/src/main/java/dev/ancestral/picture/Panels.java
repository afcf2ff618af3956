package dev.ancestral.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Pictures of one size side by side, each under its caption. */
public final class Panels {
  private static final int GAP = 8;
  private static final int CAPTION = 22;
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

  private Panels() {}

  /**
   * A picture and what it shows.
   *
   * @param caption in a few words
   * @param picture to draw, pixel by pixel
   */
  public record Panel(String caption, BufferedImage picture) {}

  /**
   * The sheet.
   *
   * @param panels at least one; the first one's size holds for all
   * @param columns panels in a row, at least 1
   */
  public static BufferedImage of(List<Panel> panels, int columns) {
    int width = panels.get(0).picture().getWidth();
    int height = panels.get(0).picture().getHeight() + CAPTION;
    int rows = (panels.size() + columns - 1) / columns;
    BufferedImage sheet =
        new BufferedImage(
            Math.min(columns, panels.size()) * (width + GAP) + GAP,
            rows * (height + GAP) + GAP,
            BufferedImage.TYPE_INT_RGB);
    Fonts.require();
    Graphics2D graphics = sheet.createGraphics();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setFont(FONT);
      graphics.setColor(Color.DARK_GRAY);
      FontMetrics metrics = graphics.getFontMetrics();
      for (int i = 0; i < panels.size(); i++) {
        Panel panel = panels.get(i);
        int x = GAP + i % columns * (width + GAP);
        int y = GAP + i / columns * (height + GAP);
        int indent = Math.max(0, (width - metrics.stringWidth(panel.caption())) / 2);
        graphics.drawString(panel.caption(), x + indent, y + metrics.getAscent());
        graphics.drawImage(panel.picture(), x, y + CAPTION, null);
      }
    } finally {
      graphics.dispose();
    }
    return sheet;
  }
}
