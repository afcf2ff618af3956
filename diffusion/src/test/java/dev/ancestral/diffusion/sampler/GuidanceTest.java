package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GuidanceTest {
  private static final float[] LABELLED = {1, 2, 3, 6};
  private static final float[] UNLABELLED = {1, 1, 2, 0};

  /** Both predictions with a number before, between and after, which nobody may touch. */
  private static float[] both() {
    return new float[] {9, 1, 2, 3, 6, 8, 1, 1, 2, 0, 7};
  }

  private static float[] guide(double weight, double rescale) {
    float[] output = both();
    new Guidance(weight, rescale, 3).apply(output, 1, 6, 4);
    float[] rest = output.clone();
    System.arraycopy(LABELLED, 0, rest, 1, 4);
    assertArrayEquals(both(), rest);
    return Arrays.copyOfRange(output, 1, 5);
  }

  @Test
  void theWeightGoesFromTheNullLabelsPredictionThroughTheLabelsAndBeyond() {
    assertArrayEquals(UNLABELLED, guide(0, 0));
    assertArrayEquals(LABELLED, guide(1, 0));
    assertArrayEquals(new float[] {1, 4, 5, 18}, guide(3, 0));
  }

  @Test
  void rescaleTakesTheContrastBack() {
    // The label's mean is 3 and its squares sum up to 14; the guided one's 7 and 170.
    double ratio = Math.sqrt(14.0 / 4) / Math.sqrt(170.0 / 4);
    for (double rescale : new double[] {0.25, 0.7, 1}) {
      double factor = rescale * ratio + 1 - rescale;
      float[] expected = {(float) factor, (float) (4 * factor), (float) (5 * factor), 0};
      expected[3] = (float) (18 * factor);
      assertArrayEquals(expected, guide(3, rescale), 1e-6f);
    }
  }

  @Test
  void aPredictionWithoutContrastStaysFinite() {
    float[] output = {2, 2, 1, 1};
    new Guidance(3, 1, 0).apply(output, 0, 2, 2);
    assertArrayEquals(new float[] {4, 4, 1, 1}, output);
  }

  @Test
  void ofWeightOne_orWithoutAClass_theNullLabelIsNotNeeded() {
    assertTrue(new Guidance(2, 0, 10).appliesTo(3));
    assertFalse(new Guidance(2, 0, 10).appliesTo(10));
    assertFalse(new Guidance(1, 0.5, 10).appliesTo(3));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void aWeightThatIsNotFiniteIsRefused(double weight) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> new Guidance(weight, 0, 0))
                .getMessage());
    assertEquals("guidance: " + weight + " (expected: finite)", message);
  }

  @ParameterizedTest
  @CsvSource({"-0.1", "1.1", "NaN"})
  void aRescaleOutsideItsBoundsIsRefused(double rescale) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> new Guidance(2, rescale, 0))
                .getMessage());
    assertEquals("guidance_rescale: " + rescale + " (expected: 0..1)", message);
  }
}
