package dev.ancestral.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ancestral.diffusion.sampler.Guidance;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecommendedTest {
  private static final Conditioning WITH_NULL_LABEL = new Conditioning(10, List.of(), 10);

  private static Recommended guided(double weight, double rescale) {
    return new Recommended("ddim", 50, Map.of(), weight, rescale);
  }

  @Test
  void guidanceIsOfItsWeightAndRescaleAndTheModelsNullLabel() {
    assertEquals(new Guidance(3, 0.7, 10), guided(3, 0.7).guidance(WITH_NULL_LABEL));
  }

  @Test
  void aWeightOfOneIsThePredictionOfTheLabelsAlone() {
    assertNull(guided(1, 0).guidance(WITH_NULL_LABEL));
  }

  @Test
  void withoutALabelForNoneNothingIsGuided() {
    assertNull(guided(3, 0.7).guidance(new Conditioning(10, List.of(), null)));
    assertNull(guided(3, 0.7).guidance(null));
  }
}
