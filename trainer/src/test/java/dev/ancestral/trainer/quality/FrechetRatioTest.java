package dev.ancestral.trainer.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FrechetRatioTest {
  private final float[][] reference = Draws.normal(300, 4, 1);
  private final float[][] teacher = Draws.affine(Draws.normal(300, 4, 2), 1.2f, 0.3f);

  @Test
  void teacher_isAsGoodAsItself_inEveryDraw() {
    assertEquals(new FrechetRatio(1, 1), FrechetRatio.of(teacher, teacher, reference, 7));
  }

  @Test
  void ratio_isThatOfTheDistances() {
    float[][] samples = Draws.affine(teacher, 1, 0.1f);
    assertEquals(
        FrechetDistance.between(samples, reference) / FrechetDistance.between(teacher, reference),
        FrechetRatio.of(samples, teacher, reference, 7).value(),
        1e-12);
  }

  @Test
  void bound_isAboveTheRatio_narrowerWhereSamplesArePaired_andOfItsSeed() {
    float[][] paired = Draws.affine(teacher, 1.02f, 0);
    float[][] unpaired = Draws.affine(Draws.normal(300, 4, 3), 1.2f * 1.02f, 0.3f);
    FrechetRatio near = FrechetRatio.of(paired, teacher, reference, 7);
    FrechetRatio far = FrechetRatio.of(unpaired, teacher, reference, 7);
    assertTrue(near.upper95() > near.value(), near.toString());
    assertTrue(near.upper95() - near.value() < (far.upper95() - far.value()) / 3, near + " " + far);
    assertEquals(near, FrechetRatio.of(paired, teacher, reference, 7));
    assertTrue(near.upper95() != FrechetRatio.of(paired, teacher, reference, 8).upper95());
  }

  @Test
  void boundHolds_asOftenAsItSays() {
    int held = 0;
    int repetitions = 120;
    for (int seed = 0; seed < repetitions; seed++) {
      float[][] real = Draws.normal(60, 2, 100 + 3L * seed);
      float[][] one = Draws.affine(Draws.normal(60, 2, 101 + 3L * seed), 1, 1);
      float[][] other = Draws.affine(Draws.normal(60, 2, 102 + 3L * seed), 1, 1);
      // Both are draws of one distribution, so the ratio that the bound is of is 1.
      held += FrechetRatio.of(other, one, real, seed).upper95() >= 1 ? 1 : 0;
    }
    double share = (double) held / repetitions;
    assertTrue(share > 0.9 && share < 0.995, "the bound held in " + share);
  }

  @Test
  void intervalOfADistance_liesAroundIt_thoughDrawnSetsAreFarther() {
    // Few samples in many dimensions: every drawn set repeats some, and is farther than all are.
    float[][] few = Draws.affine(Draws.normal(40, 16, 2), 1.2f, 0.3f);
    float[][] real = Draws.normal(40, 16, 1);
    FrechetBootstrap bootstrap = new FrechetBootstrap(few, real, 7);
    Interval distance = bootstrap.teacher();
    assertEquals(FrechetDistance.between(few, real), distance.value(), 1e-12);
    assertTrue(
        distance.low() < distance.value() && distance.value() < distance.high(),
        distance.toString());
    assertEquals(distance, bootstrap.compare(few).distance());
  }

  @Test
  void samplesThatAreNotPaired_areRefused() {
    assertEquals(
        "samples: 200 (expected: 300, as many as the teacher's)",
        assertThrows(
                IllegalArgumentException.class,
                () -> FrechetRatio.of(Draws.normal(200, 4, 5), teacher, reference, 7))
            .getMessage());
  }
}
