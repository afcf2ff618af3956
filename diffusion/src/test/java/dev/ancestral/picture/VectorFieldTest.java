package dev.ancestral.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorFieldTest {
  private static final int WHITE = 0xFFFFFF;
  private static final VectorField FIELD = new VectorField(-1, 1);

  private static boolean isRed(int rgb) {
    return (rgb >> 16 & 0xFF) > 150 && (rgb & 0xFF) < 100;
  }

  private static int pixel(BufferedImage image, double x, double y) {
    int side = image.getWidth();
    return image.getRGB((int) ((x + 1) / 2 * side), (int) ((1 - y) / 2 * side)) & WHITE;
  }

  @Test
  void theGridFillsTheBounds_rowByRowFromTheLowerLeft() {
    float[][] grid = FIELD.grid(2);
    assertEquals(4, grid.length);
    assertArrayEquals(new float[] {-0.5f, -0.5f}, grid[0]);
    assertArrayEquals(new float[] {0.5f, -0.5f}, grid[1]);
    assertArrayEquals(new float[] {-0.5f, 0.5f}, grid[2]);
  }

  @Test
  void arrowsPointWhereTheirVectorsDo_upwardIsUp() {
    float[][] places = {{0, 0}};
    float[][] vectors = {{0, 1}};
    BufferedImage image = FIELD.draw(places, vectors, List.of(), List.of());
    assertTrue(pixel(image, 0, 0.5) != WHITE, "above the place");
    assertEquals(WHITE, pixel(image, 0, -0.5), "below the place");
  }

  @Test
  void thePathConnectsItsPoints() {
    List<float[]> path = List.of(new float[] {-0.8f, 0.4f}, new float[] {0.8f, 0.4f});
    BufferedImage image = FIELD.draw(new float[0][], new float[0][], List.of(), path);
    assertTrue(isRed(pixel(image, 0, 0.4)));
    assertEquals(WHITE, pixel(image, 0, -0.4));
  }

  @Test
  void boundsOutOfOrder_areRefused() {
    assertEquals(
        "bounds: [1.0, -1.0] (expected: the first below the second)",
        assertThrows(IllegalArgumentException.class, () -> new VectorField(1, -1)).getMessage());
  }
}
