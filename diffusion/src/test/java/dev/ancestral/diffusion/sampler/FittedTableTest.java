package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.sampler.FittedProof.Comparison;
import dev.ancestral.diffusion.sampler.FittedTable.Factors;
import dev.ancestral.diffusion.sampler.FittedTable.Weighted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class FittedTableTest {
  private static final Comparison GOOD =
      new Comparison("the data", 500, 1.0, 1.05, 0.95, 0.8, 0.82, 0.7, 0.6);
  private static final FittedProof PROVEN = new FittedProof(0.1, 0.2, 0.3, GOOD);
  private static final FittedProof UNPROVEN = new FittedProof(0.1, 0.2, 0.3, null);
  private static final String SHA256 =
      "5efb805cc29c8f98eec9dde3b6280b56b2d3ec491b9f4387fb9706806a868795";
  private static final List<Factors> STEPS =
      List.of(new Factors(0.5, 0.25, 0), new Factors(-1, 2, 0.125));

  private static Weighted at(double guidance) {
    return new Weighted(guidance, STEPS, UNPROVEN);
  }

  private static FittedTable table(Weighted... weighted) {
    return new FittedTable(List.of(9.0, 4.5), List.of(weighted));
  }

  /**
   * python3: sha256(struct.pack(">i2di", 2, 9, 4.5, 1) + struct.pack(">7d", 1, .5, .25, 0, -1, 2,
   * .125)).
   */
  @Test
  void itsHash_isThatOfItsNumbersAlone() {
    FittedTable table = table(at(1));
    assertEquals(SHA256, table.sha256());
    assertEquals(SHA256.substring(0, 16), table.id());
    assertEquals(SHA256, table(new Weighted(1, STEPS, PROVEN)).sha256());
    assertNotEquals(SHA256, table(at(1), at(2)).sha256());
    assertNotEquals(SHA256, new FittedTable(List.of(9.0, 4.0), List.of(at(1))).sha256());
  }

  /**
   * python3: sha256(struct.pack(">i3di", 3, 9, 4.5, 0, 1) + struct.pack(">13d", 1, .5, .25, 0, 0,
   * -1, 2, .125, 0, .1, .9, .2, -.3)).
   */
  @Test
  void itsHash_hasTheEstimateBeforeThePreviousOne_whereAStepReadsIt() {
    List<Factors> steps = new ArrayList<>(STEPS);
    steps.add(new Factors(0.1, 0.9, 0.2, -0.3));
    FittedTable table =
        new FittedTable(List.of(9.0, 4.5, 0.0), List.of(new Weighted(1, steps, UNPROVEN)));
    assertTrue(table.readsEarlier());
    assertEquals(
        "f799d70f7c10899ca422721d72f7cb6854f769d5a1efeafd114840fc5dcdef77", table.sha256());
    assertFalse(table(at(1)).readsEarlier());
  }

  @Test
  void betweenTwoWeights_factorsAreInterpolatedLinearly() {
    List<Factors> others = List.of(new Factors(1.5, 0.25, 0), new Factors(1, 0, 0.125));
    FittedTable table = table(at(1), new Weighted(3, others, UNPROVEN));
    assertEquals(STEPS, table.factors(1));
    assertEquals(others, table.factors(3));
    assertEquals(
        List.of(new Factors(0.75, 0.25, 0), new Factors(-0.5, 1.5, 0.125)), table.factors(1.5));
    assertFalse(table.covers(0.99));
    assertFalse(table.covers(3.01));
    assertRefused("guidance: 4.0 (expected: 1.0..3.0)", () -> table.factors(4));
  }

  private static Weighted upTo(double guidance, double half, double distance) {
    FittedProof proof = new FittedProof(distance, 0.2, 0.3, null);
    return new Weighted(guidance, STEPS, PROVEN, new FittedBetween(half, proof));
  }

  @Test
  void betweenTwoWeights_whereThatWasNoBetterThanOthers_itIsNotTaken() {
    FittedTable table =
        table(upTo(1, 1.5, 0.2), upTo(2, 3, 0.19), new Weighted(4, STEPS, PROVEN), at(5));
    assertTrue(table.covers(1));
    assertFalse(table.covers(1.2));
    assertFalse(table.isProven(1.2));
    assertTrue(table.covers(2));
    assertTrue(table.isProven(2.5));
    assertTrue(table.covers(4.5), "nobody measured it");
    assertRefused("guidance: 1.2 (expected: 1.0 or 2.0..5.0)", () -> table.factors(1.2));
    assertEquals(table(at(1), at(2), at(4), at(5)).sha256(), table.sha256());
    assertRefused(
        "weighted[0].between.guidance: 2.0 (expected: between this weight and the next one)",
        () -> table(upTo(1, 2, 0.1), at(2)));
    assertRefused(
        "weighted[0].between.guidance: 1.5 (expected: between this weight and the next one)",
        () -> table(upTo(1, 1.5, 0.1)));
  }

  @Test
  void itIsProvenBetweenTwoWeights_whereItIsAtBoth() {
    FittedTable table =
        table(
            new Weighted(1, STEPS, PROVEN),
            new Weighted(2, STEPS, PROVEN),
            new Weighted(4, STEPS, UNPROVEN));
    assertTrue(table.isProven(1));
    assertTrue(table.isProven(1.7));
    assertTrue(table.isProven(2));
    assertFalse(table.isProven(2.1));
    assertFalse(table.isProven(4));
    assertFalse(table.isProven(5));
  }

  @Test
  void aProofHolds_whereEnoughSamplesShowNoLossOfAnyKind() {
    assertTrue(GOOD.holds());
    assertTrue(new Comparison("the data", 500, 1.0, 1.05, null, null, null, 0, 0).holds());
    assertFalse(new Comparison("the data", 499, 1.0, 1.05, 0.95, 0.8, 0.82, 1, 1).holds());
    assertFalse(new Comparison("the data", 500, 1.0, 1.051, 0.95, 0.8, 0.82, 1, 1).holds());
    assertFalse(new Comparison("the data", 500, 1.0, 1.05, 0.94, 0.8, 0.82, 1, 1).holds());
    assertFalse(new Comparison("the data", 500, 1.0, 1.05, 1.06, 0.8, 0.82, 1, 1).holds());
    assertFalse(new Comparison("the data", 500, 1.0, 1.05, 0.95, 0.79, 0.82, 1, 1).holds());
    // Two points are two points, whatever 0.96 - 0.94 is in double.
    assertTrue(new Comparison("the data", 500, 1.0, 1.05, 0.95, 0.94, 0.96, 1, 1).holds());
    assertFalse(new Comparison("the data", 500, 1.0, 1.05, 0.95, 0.938, 0.96, 1, 1).holds());
    assertFalse(UNPROVEN.holds());
  }

  @Test
  void aProofIsOpen_whereTheDistancesBoundAloneIsTooWide() {
    assertTrue(new Comparison("the data", 500, 1.04, 1.06, 0.95, 0.8, 0.82, 1, 1).isOpen());
    assertFalse(GOOD.isOpen(), "it holds");
    assertFalse(new Comparison("the data", 499, 1.04, 1.06, 0.95, 0.8, 0.82, 1, 1).isOpen());
    assertFalse(new Comparison("the data", 500, 1.051, 1.06, 0.95, 0.8, 0.82, 1, 1).isOpen());
    assertFalse(new Comparison("the data", 500, 1.04, 1.06, 0.94, 0.8, 0.82, 1, 1).isOpen());
    assertFalse(new Comparison("the data", 500, 1.04, 1.06, 0.95, 0.7, 0.82, 1, 1).isOpen());
  }

  @Test
  void whatIsNoChain_isRefused() {
    assertRefused("x: NaN (expected: -1e6..1e6)", () -> new Factors(Double.NaN, 0, 0));
    assertRefused("previous: -Infinity (expected: -1e6..1e6)", () -> new Factors(0, 0, -1 / 0.0));
    assertRefused(
        "steps[0].previous: 0.5 (expected: 0, as there is no step before)",
        () -> new Weighted(1, List.of(new Factors(0, 1, 0.5)), UNPROVEN));
    assertRefused("earlier: 2000000.0 (expected: -1e6..1e6)", () -> new Factors(0, 0, 0, 2e6));
    assertRefused(
        "steps[1].earlier: 0.5 (expected: 0, as there are no two steps before)",
        () -> new Weighted(1, List.of(STEPS.get(0), new Factors(0, 1, 0, 0.5)), UNPROVEN));
    assertRefused(
        "guidance: 101.0 (expected: -100..100)", () -> new Weighted(101, STEPS, UNPROVEN));
    assertRefused(
        "timesteps: none (expected: at least 1)", () -> new FittedTable(List.of(), List.of()));
    assertRefused(
        "timesteps[1]: 9.0 (expected: at least 0, and below the one before)",
        () -> new FittedTable(List.of(9.0, 9.0), List.of(at(1))));
    assertRefused(
        "timesteps[1]: -1.0 (expected: at least 0, and below the one before)",
        () -> new FittedTable(List.of(9.0, -1.0), List.of(at(1))));
    assertRefused(
        "timesteps[0]: NaN (expected: at least 0, and below the one before)",
        () -> new FittedTable(List.of(Double.NaN), List.of(at(1))));
    assertRefused(
        "weighted[0].steps: 2 (expected: 1, one a timestep)",
        () -> new FittedTable(List.of(9.0), List.of(at(1))));
    assertRefused(
        "weighted[1].guidance: 1.0 (expected: above the one before)", () -> table(at(2), at(1)));
    assertRefused(
        "weighted: none with guidance 1 (expected: one, for requests without guidance)",
        () -> table(at(2)));
    assertRefused(
        "tables[1].timesteps: 2 (expected: more than the table before has)",
        () -> tables("ddim:100", table(at(1)), table(at(1), at(2))));
    assertRefused("tables: none (expected: at least 1)", () -> tables("ddim:100"));
    assertRefused(
        "teacher: ddim (expected: a sampler and its steps, such as ddim:100)",
        () -> tables("ddim", table(at(1))));
  }

  private static FittedTables tables(String teacher, FittedTable... tables) {
    return new FittedTables(teacher, ClipRange.UNIT, List.of(tables), Map.of());
  }

  @Test
  void aFigureThatIsNone_isRefused() {
    assertRefused(
        "distance.ddim: NaN (expected: at least 0, finite)",
        () -> new FittedProof(0.1, Double.NaN, 0.3, null));
    assertRefused(
        "recall: 1.5 (expected: 0..1)",
        () -> new Comparison("the data", 500, 1.0, 1.05, 0.95, 0.8, 0.82, 0.7, 1.5));
    assertRefused(
        "accuracy: 0.8 beside teacher_accuracy: null (expected: both or neither)",
        () -> new Comparison("the data", 500, 1.0, 1.05, 0.95, 0.8, null, 0.7, 0.5));
  }

  @Test
  void theTeacher_isASamplerWithItsSteps() {
    assertEquals("ddim with 100 steps", tables("ddim:100", table(at(1))).teacherWords());
  }

  private static void assertRefused(String message, Executable made) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, made).getMessage());
  }
}
