package dev.ancestral.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A field of arrows over the plane, with the data as dots below it and a path above it.
 *
 * @param min the lower bound of both axes
 * @param max the upper bound of both axes, above min
 */
public record VectorField(double min, double max) {
  private static final int SIDE = 900;
  private static final double DOT = 3;

  /** Share of the distance between two arrows that the longest one takes. */
  private static final double REACH = 1.6;

  private static final double HEAD_LENGTH = 0.35;
  private static final double HEAD_WIDTH = 0.18;
  private static final Color DATA = new Color(0xd9, 0xb3, 0x6c);
  private static final Color ARROW = new Color(0x1f, 0x5f, 0xa8);
  private static final Color PATH = new Color(0xc8, 0x28, 0x28);

  /** Checks the bounds. */
  public VectorField {
    if (!(min < max)) {
      throw new IllegalArgumentException(
          "bounds: [%s, %s] (expected: the first below the second)".formatted(min, max));
    }
  }

  /** The places of a square grid of {@code side}² arrows, row by row from the lower left. */
  public float[][] grid(int side) {
    float[][] places = new float[side * side][2];
    double spacing = (max - min) / side;
    for (int i = 0; i < places.length; i++) {
      int row = i / side;
      places[i][0] = (float) (min + (i % side + 0.5) * spacing);
      places[i][1] = (float) (min + (row + 0.5) * spacing);
    }
    return places;
  }

  /**
   * The picture. Arrows show directions; their lengths are the square roots of the vectors', since
   * a score is many times larger far from the data than near it.
   *
   * @param places one for each arrow, as {@link #grid} gives them
   * @param vectors one for each place
   * @param data dots, possibly none
   * @param path points to connect, possibly none
   */
  public BufferedImage draw(
      float[][] places, float[][] vectors, List<float[]> data, List<float[]> path) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, SIDE, SIDE);
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setColor(DATA);
      for (float[] point : data) {
        graphics.fill(new Ellipse2D.Double(x(point[0]) - DOT / 2, y(point[1]) - DOT / 2, DOT, DOT));
      }
      arrows(graphics, places, vectors);
      path(graphics, path);
    } finally {
      graphics.dispose();
    }
    return image;
  }

  private void arrows(Graphics2D graphics, float[][] places, float[][] vectors) {
    double longest = 0;
    for (float[] vector : vectors) {
      longest = Math.max(longest, Math.hypot(vector[0], vector[1]));
    }
    double spacing = SIDE / Math.sqrt(places.length);
    graphics.setColor(ARROW);
    graphics.setStroke(new BasicStroke(1));
    for (int i = 0; i < places.length; i++) {
      double length = Math.hypot(vectors[i][0], vectors[i][1]);
      if (length > 0) {
        double scale = REACH * spacing * Math.sqrt(length / longest) / length;
        arrow(
            graphics,
            x(places[i][0]),
            y(places[i][1]),
            scale * vectors[i][0],
            -scale * vectors[i][1]);
      }
    }
  }

  private static void arrow(Graphics2D graphics, double x, double y, double dx, double dy) {
    graphics.draw(new Line2D.Double(x, y, x + dx, y + dy));
    double backX = x + dx * (1 - HEAD_LENGTH);
    double backY = y + dy * (1 - HEAD_LENGTH);
    Path2D head = new Path2D.Double();
    head.moveTo(x + dx, y + dy);
    head.lineTo(backX - dy * HEAD_WIDTH, backY + dx * HEAD_WIDTH);
    head.lineTo(backX + dy * HEAD_WIDTH, backY - dx * HEAD_WIDTH);
    head.closePath();
    graphics.fill(head);
  }

  private void path(Graphics2D graphics, List<float[]> path) {
    if (path.isEmpty()) {
      return;
    }
    Path2D line = new Path2D.Double();
    line.moveTo(x(path.get(0)[0]), y(path.get(0)[1]));
    for (float[] point : path) {
      line.lineTo(x(point[0]), y(point[1]));
    }
    graphics.setColor(PATH);
    graphics.setStroke(new BasicStroke(3));
    graphics.draw(line);
    float[] end = path.get(path.size() - 1);
    graphics.fill(new Ellipse2D.Double(x(end[0]) - 2 * DOT, y(end[1]) - 2 * DOT, 4 * DOT, 4 * DOT));
  }

  private double x(double value) {
    return (value - min) / (max - min) * SIDE;
  }

  /** Upward, as mathematics has it. */
  private double y(double value) {
    return SIDE - x(value);
  }
}
