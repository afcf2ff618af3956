package dev.ancestral.trainer.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.data.DataOptions;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

class HighFrequenciesTest {
  private static DataSpec images(long channels, long height, long width) {
    return new DataSpec(List.of(channels, height, width), -1, 1, 256);
  }

  private static float[] plane(int height, int width, DoubleBinaryOperator value) {
    float[] pixels = new float[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        pixels[y * width + x] = (float) value.applyAsDouble(y, x);
      }
    }
    return pixels;
  }

  @Test
  void slopesHaveNone_andACheckerboardMost() {
    float[] slope = plane(6, 9, (y, x) -> 0.1 * x - 0.05 * y + 0.3);
    float[] board = plane(6, 9, (y, x) -> (x + y) % 2 == 0 ? 0.5 : -0.5);
    assertEquals(0, HighFrequencies.energy(List.of(slope), images(1, 6, 9)), 1e-12);
    assertEquals(16, HighFrequencies.energy(List.of(board), images(1, 6, 9)), 0);
    assertEquals(8, HighFrequencies.energy(List.of(slope, board), images(1, 6, 9)), 1e-6);
  }

  @Test
  void wave_countsByItsFrequency() {
    // Whole periods of the inner columns: the mean square is 1/2.
    double u = 2 * Math.PI / 8;
    float[] wave = plane(5, 18, (y, x) -> Math.cos(u * x));
    double response = 2 - 2 * Math.cos(u);
    assertEquals(
        response * response / 2, HighFrequencies.energy(List.of(wave), images(1, 5, 18)), 1e-6);
  }

  @Test
  void everyChannelCounts() {
    float[] colours = new float[3 * 25];
    colours[25 + 12] = 1;
    // A single point: itself 16, its four neighbours 1 each, over 9 pixels of 3 channels.
    assertEquals(20.0 / 27, HighFrequencies.energy(List.of(colours), images(3, 5, 5)), 1e-12);
  }

  @Test
  void blurLowersIt_andNoiseRaisesIt() {
    Dataset digits = Datasets.open("builtin:digits", DataOptions.DEFAULTS);
    DataSpec spec = digits.description().spec();
    float[] digit = new float[spec.elements()];
    digits.sample(0, digit);
    float[] blurred = digit.clone();
    for (int y = 0; y < 8; y++) {
      for (int x = 1; x < 7; x++) {
        int i = y * 8 + x;
        blurred[i] = 0.25f * digit[i - 1] + 0.5f * digit[i] + 0.25f * digit[i + 1];
      }
    }
    float[] noisy = Draws.normal(1, spec.elements(), 1)[0];
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] = digit[i] + 0.1f * noisy[i];
    }
    double sharp = HighFrequencies.energy(List.of(digit), spec);
    assertTrue(HighFrequencies.energy(List.of(blurred), spec) < 0.8 * sharp);
    assertTrue(HighFrequencies.energy(List.of(noisy), spec) > sharp);
  }

  @Test
  void pointsAndSpecks_haveNone() {
    DataSpec points = new DataSpec(List.of(2L), -1, 1, 0);
    assertFalse(HighFrequencies.measures(points));
    assertFalse(HighFrequencies.measures(images(1, 2, 9)));
    assertEquals(
        "images: 1 of shape [2] (expected: at least one, of [channels, height, width] with 3x3 pixels or more)",
        assertThrows(
                IllegalArgumentException.class,
                () -> HighFrequencies.energy(List.of(new float[2]), points))
            .getMessage());
  }
}
