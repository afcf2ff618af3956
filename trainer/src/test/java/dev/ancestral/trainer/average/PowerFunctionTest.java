package dev.ancestral.trainer.average;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PowerFunctionTest {
  @ParameterizedTest
  @CsvSource({
    "0.05, 16.97219860230345",
    "0.08, 9.452254965670821",
    "0.10, 6.937203937601806",
    "0.20, 1.8262137798958373",
    "0.28, 0.16934399376949805"
  })
  void gammaIsTheRootOfThePapersCubic(double sigmaRel, double gamma) {
    double found = new PowerFunction(sigmaRel).gamma();
    assertEquals(gamma, found, 1e-12 * gamma);
    // γ³ + 7γ² + (16 - σ⁻²)γ + (12 - σ⁻²) = 0, as the paper's algorithm 2 has it.
    double t = 1 / (sigmaRel * sigmaRel);
    double cubic = ((found + 7) * found + 16 - t) * found + 12 - t;
    assertEquals(0, cubic, 1e-11 * (1 + t * found));
  }

  @Test
  void decayIsThatOfThePaper() {
    PowerFunction narrow = new PowerFunction(0.05);
    assertEquals(0, narrow.decayAt(1), "the first iteration replaces the initial weights");
    assertEquals(3.888921105204205e-06, narrow.decayAt(2), 1e-17);
    assertEquals(0.8347469683432545, narrow.decayAt(100), 1e-13);
    assertEquals(0.9233272422695235, new PowerFunction(0.10).decayAt(100), 1e-13);
  }

  @Test
  void theWindowIsAsWideAsItSays() {
    int iterations = 20_000;
    double mean = 0;
    double square = 0;
    double weight = 1;
    PowerFunction window = new PowerFunction(0.1);
    for (int n = iterations; n >= 1; n--) {
      double share = weight * (1 - window.decayAt(n));
      mean += share * n;
      square += share * n * n;
      weight *= window.decayAt(n);
    }
    assertEquals(0.1, Math.sqrt(square - mean * mean) / iterations, 1e-4);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 0.29, Double.NaN})
  void widthsThatNoWindowHasAreRefused(double sigmaRel) {
    assertEquals(
        sigmaRel + " (expected: above 0, at most 0.28)",
        assertThrows(IllegalArgumentException.class, () -> new PowerFunction(sigmaRel))
            .getMessage());
  }
}
