package dev.ancestral.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScatterTest {
  /**
   * The mean place of the points' colour, as shares of width and height; how much of it there is.
   */
  private record Ink(double x, double y, int pixels) {
    static Ink of(BufferedImage picture) {
      double x = 0;
      double y = 0;
      int count = 0;
      for (int row = 0; row < picture.getHeight(); row++) {
        for (int column = 0; column < picture.getWidth(); column++) {
          if ((picture.getRGB(column, row) & 0xFFFFFF) == 0x1f5fa8) {
            x += column;
            y += row;
            count++;
          }
        }
      }
      return new Ink(x / count / picture.getWidth(), y / count / picture.getHeight(), count);
    }
  }

  private static float[] at(float... point) {
    return point;
  }

  @Test
  void framesShareOneScale_soThatMovementIsSeen() {
    List<float[]> wide = List.of(at(-10, -10), at(10, 10));
    List<float[]> right = List.of(at(9, 0), at(9, 0));
    Scatter scatter = Scatter.of(List.of(wide, right));
    Ink centre = Ink.of(scatter.frame(wide));
    Ink moved = Ink.of(scatter.frame(right));
    assertEquals(0.5, centre.x(), 0.1);
    assertTrue(moved.x() > centre.x() + 0.25, moved + " beside " + centre);
    assertEquals(centre.y(), moved.y(), 0.1);
  }

  @Test
  void pointsThatAreNotFiniteAreLeftOut() {
    List<float[]> finite = List.of(at(0, 0), at(1, 1));
    List<float[]> mixed =
        List.of(at(0, 0), at(Float.NaN, 5), at(1, Float.POSITIVE_INFINITY), at(1, 1));
    assertEquals(
        Ink.of(Scatter.of(List.of(finite)).frame(finite)),
        Ink.of(Scatter.of(List.of(mixed)).frame(mixed)));
    List<float[]> none = List.of(at(Float.NaN, Float.NaN));
    assertEquals(0, Ink.of(Scatter.of(List.of(none)).frame(none)).pixels());
  }

  @Test
  void oneFeatureStandsAgainstItsIndex() {
    List<float[]> points = List.of(at(0), at(1), at(2), at(3));
    assertTrue(Ink.of(Scatter.of(List.of(points)).frame(points)).pixels() > 4);
  }
}
