package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.FittedTable.Factors;
import dev.ancestral.diffusion.sampler.FittedTable.Weighted;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FittedSamplerTest extends SamplerContract {
  private static final FittedProof UNPROVEN = new FittedProof(0.1, 0.2, 0.3, null);
  private static final FittedProof PROVEN =
      new FittedProof(
          0.1,
          0.2,
          0.3,
          new FittedProof.Comparison("the data", 500, 1.0, 1.05, 0.95, 0.8, 0.82, 0.7, 0.6));
  private static final List<Factors> AT_1 =
      List.of(
          new Factors(0.9, 0.5, 0), new Factors(0.5, 1.1, -0.6), new Factors(0.1, 1.3, -0.7, 0.3));
  private static final List<Factors> AT_2 =
      List.of(new Factors(0.7, 0.1, 0), new Factors(0.3, 1.5, -0.2), new Factors(0, 1.1, 0));

  private static FittedTable table(List<Double> timesteps) {
    return new FittedTable(
        timesteps, List.of(new Weighted(1, AT_1, PROVEN), new Weighted(2, AT_2, UNPROVEN)));
  }

  private static DiffusionModel fitted(
      NoiseSchedule schedule, PredictionType prediction, Clipping clipping, FittedTable... tables) {
    return new DiffusionModel(
        schedule,
        prediction,
        Variance.FIXED_SMALL,
        true,
        new FittedTables("ddim:100", clipping, List.of(tables), Map.of()));
  }

  private static final FittedTable WHOLE = table(List.of(29.0, 20.0, 5.0));
  private static final FittedTable FRACTIONAL = table(List.of(29.0, 19.25, 0.5));
  private static final FittedTable ONE_CALL =
      new FittedTable(
          List.of(29.0), List.of(new Weighted(1, List.of(new Factors(0.2, 0.9, 0)), UNPROVEN)));
  private static final DiffusionModel MODEL =
      fitted(LINEAR, PredictionType.EPSILON, ClipRange.UNIT, ONE_CALL, WHOLE);

  @Override
  Sampler sampler() {
    return Samplers.of("fitted");
  }

  @Override
  Stream<Case> cases() {
    SamplerOptions three = SamplerOptions.ofSteps(3);
    return Stream.of(WHOLE, FRACTIONAL)
        .flatMap(
            table ->
                Stream.of(
                    new Case(fitted(LINEAR, PredictionType.EPSILON, ClipRange.UNIT, table), three),
                    new Case(
                        fitted(LINEAR, PredictionType.V, Clipping.NONE, table),
                        three.withClipping(Clipping.NONE).withGuidance(1.25, 0)),
                    new Case(
                        fitted(EXPLODING, PredictionType.SCORE, ClipRange.UNIT, table),
                        three.withGuidance(2, 0))));
  }

  @Override
  double level(Case tried, ChainPlan plan, int step) {
    NoiseSchedule schedule = tried.model().schedule();
    double timestep = plan.steps().get(step).timestep();
    int below = (int) timestep;
    double low = schedule.sigma(below) / schedule.alpha(below);
    double high = below == timestep ? low : schedule.sigma(below + 1) / schedule.alpha(below + 1);
    double sigma = low * Math.pow(high / low, timestep - below);
    return schedule.isVariancePreserving() ? 1 / (1 + sigma * sigma) : sigma;
  }

  @Override
  double x0(Case tried, ChainPlan plan, int step, double x, double m) {
    PredictionType prediction = tried.model().prediction();
    double level = level(tried, plan, step);
    return tried.model().schedule().isVariancePreserving()
        ? Reference.x0OfAlphaBar(prediction, level, x, m)
        : Reference.x0(prediction, level, x, m);
  }

  @Override
  double next(Case tried, ChainPlan plan, int step, Inputs in) {
    double share = tried.options().guidanceWeight() - 1;
    Factors one = AT_1.get(step);
    Factors two = AT_2.get(step);
    return ((1 - share) * one.x() + share * two.x()) * in.x()
        + ((1 - share) * one.x0() + share * two.x0()) * in.x0()
        + (step == 0 ? 0 : ((1 - share) * one.previous() + share * two.previous()) * in.p())
        + (step < 2 ? 0 : ((1 - share) * one.earlier() + share * two.earlier()) * in.h().get(1));
  }

  @Override
  SamplerOptions bare(Case tried) {
    return super.bare(tried)
        .withGuidance(tried.options().guidanceWeight(), tried.options().guidanceRescale());
  }

  @Test
  void itVisitsTheTimestepsOfItsTable_fromTheScaleOfTheFirst() {
    DiffusionModel exploding =
        fitted(EXPLODING, PredictionType.SCORE, ClipRange.UNIT, table(List.of(28.5, 20.0, 5.0)));
    ChainPlan plan = sampler().plan(exploding, SamplerOptions.ofSteps(3));
    assertEquals(List.of(28.5, 20.0, 5.0), plan.steps().stream().map(Step::timestep).toList());
    assertEquals(Math.sqrt(EXPLODING.sigma(28) * EXPLODING.sigma(29)), plan.initialScale(), 1e-12);
  }

  @Test
  void itKeepsNoMoreOfThePast_thanItsTableReads() {
    assertEquals(2, sampler().plan(MODEL, SamplerOptions.ofSteps(3)).historyLength());
    SamplerOptions guided = SamplerOptions.ofSteps(3).withGuidance(2, 0);
    assertEquals(1, sampler().plan(MODEL, guided).historyLength(), "no factor is left at weight 2");
    assertEquals(0, sampler().plan(MODEL, SamplerOptions.ofSteps(1)).historyLength());
  }

  @Test
  void itsResultIsClipped_whereItsEstimatesAre() {
    assertTrue(sampler().plan(MODEL, SamplerOptions.ofSteps(3)).clipsResult());
    DiffusionModel free = fitted(LINEAR, PredictionType.EPSILON, Clipping.NONE, WHOLE);
    SamplerOptions unclipped = SamplerOptions.ofSteps(3).withClipping(Clipping.NONE);
    assertFalse(sampler().plan(free, unclipped).clipsResult());
  }

  @Test
  void itsDefault_isTheFewestProvenCalls_elseTheMostThatThereAre() {
    FittedTable more = extended(WHOLE, PROVEN);
    DiffusionModel model = fitted(LINEAR, PredictionType.EPSILON, ClipRange.UNIT, WHOLE, more);
    assertEquals(3, sampler().defaultSteps(model, 1));
    assertEquals(4, sampler().defaultSteps(model, 1.5), "of 3 calls guidance 2 is not proven");
    DiffusionModel unproven =
        fitted(LINEAR, PredictionType.EPSILON, ClipRange.UNIT, ONE_CALL, extended(WHOLE, UNPROVEN));
    assertEquals(4, sampler().defaultSteps(unproven, 1));
    DiffusionModel unguided =
        fitted(
            LINEAR,
            PredictionType.EPSILON,
            ClipRange.UNIT,
            WHOLE,
            new FittedTable(
                List.of(29.0, 20.0, 5.0, 0.0),
                List.of(new Weighted(1, extended(WHOLE, UNPROVEN).factors(1), UNPROVEN))));
    assertEquals(3, sampler().defaultSteps(unguided, 2), "four were not fitted for guidance");
    assertEquals(4, sampler().defaultSteps(unguided, 7), "no table was");
  }

  /** With one call more, of which everything has the same proof. */
  private static FittedTable extended(FittedTable table, FittedProof proof) {
    return new FittedTable(
        Stream.concat(table.timesteps().stream(), Stream.of(0.0)).toList(),
        table.weighted().stream()
            .map(
                weight ->
                    new Weighted(
                        weight.guidance(),
                        Stream.concat(weight.steps().stream(), Stream.of(new Factors(0, 1, 0)))
                            .toList(),
                        proof))
            .toList());
  }

  @Test
  void whatNoTableHas_isRefusedWithWhatThereIs() {
    SamplerOptions three = SamplerOptions.ofSteps(3);
    assertEquals(
        "steps: 2 (expected: 1, 3, of which there are fitted tables)",
        refusal(MODEL, SamplerOptions.ofSteps(2)));
    assertEquals(
        "guidance_weight: 2.5 (expected: 1.0..2.0, which the table of 3 calls was fitted for)",
        refusal(MODEL, three.withGuidance(2.5, 0)));
    assertEquals(
        "guidance_weight: 1.5 (expected: 1.0, which the table of 1 calls was fitted for)",
        refusal(MODEL, SamplerOptions.ofSteps(1).withGuidance(1.5, 0)));
    assertEquals(
        "guidance_rescale: 0.7 (expected: 0, as the tables were fitted without)",
        refusal(MODEL, three.withGuidance(2, 0.7)));
    assertEquals(
        "clip: none (expected: -1.0..1.0, as the tables were fitted)",
        refusal(MODEL, three.withClipping(Clipping.NONE)));
    assertEquals(
        "clip: threshold_quantile 0.9 in -1.0..1.0 (expected: -1.0..1.0, as the tables were fitted)",
        refusal(MODEL, three.withClipping(new DynamicThreshold(-1, 1, 0.9))));
  }

  @Test
  void anotherTableThanTheNetworkHas_isRefused() {
    SamplerOptions three = SamplerOptions.ofSteps(3);
    assertEquals(
        sampler().plan(MODEL, three),
        sampler().plan(MODEL, three.with(SamplerOption.FITTED_TABLE, WHOLE.id())));
    assertEquals(
        "fitted_table: %s (expected: %s, the network's table of 3 calls now)"
            .formatted(ONE_CALL.id(), WHOLE.id()),
        refusal(MODEL, three.with(SamplerOption.FITTED_TABLE, ONE_CALL.id())));
  }

  @Test
  void aNetworkWithoutTables_isRefusedByTheCommandThatMakesThem() {
    DiffusionModel bare = DiffusionModel.of(LINEAR, PredictionType.EPSILON);
    assertFalse(Samplers.namesFor(bare).contains("fitted"));
    assertTrue(Samplers.namesFor(MODEL).contains("fitted"));
    String refusal = refusal(bare, SamplerOptions.ofSteps(3));
    assertTrue(refusal.startsWith("sampler: fitted needs tables"), refusal);
    assertTrue(refusal.contains("`ancestral fit`"), refusal);
  }

  @Test
  void aTableForAnotherNetwork_isRefusedByItsTimestep() {
    assertModelRefused(
        "999.5 (expected: 0..999, as the schedule has)",
        LINEAR,
        PredictionType.V,
        true,
        List.of(999.5));
    assertModelRefused(
        "8.5 (expected: a whole number, as the network takes no other)",
        LINEAR,
        PredictionType.V,
        false,
        List.of(8.5));
    assertModelRefused(
        "8.5 (expected: a whole number, as a posterior mean is that of a trained timestep)",
        LINEAR,
        PredictionType.POSTERIOR_MEAN,
        true,
        List.of(8.5));
    NoiseSchedule ending = LINEAR.withZeroTerminalSnr();
    assertModelRefused(
        "998.5 (expected: 999, as no signal is left there)",
        ending,
        PredictionType.V,
        true,
        List.of(998.5));
  }

  private static void assertModelRefused(
      String problem,
      NoiseSchedule schedule,
      PredictionType prediction,
      boolean continuous,
      List<Double> timesteps) {
    FittedTables tables =
        new FittedTables(
            "ddim:100",
            Clipping.NONE,
            List.of(
                new FittedTable(
                    timesteps, List.of(new Weighted(1, List.of(new Factors(0, 1, 0)), UNPROVEN)))),
            Map.of());
    assertEquals(
        "tables[0].timesteps[0]: " + problem,
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new DiffusionModel(
                        schedule, prediction, Variance.FIXED_SMALL, continuous, tables))
            .getMessage());
  }
}
