package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EulerSamplerTest extends SamplerContract {
  private static final NoiseSchedule OF_LITTLE_NOISE = BetaSchedules.create("linear", 10, Map.of());

  @Override
  Sampler sampler() {
    return Samplers.of("euler");
  }

  @Override
  Stream<Case> cases() {
    return Stream.of(FinalLevel.values())
        .map(end -> SamplerOptions.ofSteps(12).with(SamplerOption.FINAL_LEVEL, end))
        .flatMap(
            options ->
                Stream.of(
                    options,
                    options.with(SamplerOption.KARRAS, true),
                    options.with(SamplerOption.INITIAL_SCALE, InitialScale.SIGMA)))
        .flatMap(
            options ->
                Stream.of(
                    new Case(DiffusionModel.of(LINEAR, PredictionType.EPSILON), options),
                    new Case(DiffusionModel.of(LINEAR, PredictionType.V), options),
                    new Case(
                        DiffusionModel.of(EXPLODING, PredictionType.SCORE),
                        options.withClipping(Clipping.NONE)),
                    new Case(DiffusionModel.of(EXPLODING, PredictionType.EPSILON), options)));
  }

  @Override
  double level(Case tried, ChainPlan plan, int step) {
    NoiseSchedule schedule = tried.model().schedule();
    boolean preserving = schedule.isVariancePreserving();
    if (tried.options().find(SamplerOption.KARRAS).orElse(false)) {
      double sigma = Reference.karrasSigma(schedule, step, plan.length());
      return preserving ? 1 / (1 + sigma * sigma) : sigma;
    }
    int t = (int) plan.steps().get(step).timestep();
    return preserving ? Reference.alphaBar(schedule, t) : schedule.sigma(t);
  }

  @Override
  double x0(Case tried, ChainPlan plan, int step, double x, double m) {
    double level = level(tried, plan, step);
    PredictionType prediction = tried.model().prediction();
    return tried.model().schedule().isVariancePreserving()
        ? Reference.x0OfAlphaBar(prediction, level, x, m)
        : Reference.x0(prediction, level, x, m);
  }

  @Override
  double next(Case tried, ChainPlan plan, int step, Inputs in) {
    boolean toData = end(tried) == FinalLevel.CLEAN;
    NoiseSchedule schedule = tried.model().schedule();
    boolean preserving = schedule.isVariancePreserving();
    double sigma = relativeSigma(tried, plan, step);
    double next =
        step < plan.length() - 1
            ? relativeSigma(tried, plan, step + 1)
            : toData ? 0 : schedule.sigma(0) / schedule.alpha(0);
    double scaled = preserving ? in.x() * Math.sqrt(1 + sigma * sigma) : in.x();
    double slope = (scaled - in.x0()) / sigma;
    double moved = scaled + (next - sigma) * slope;
    boolean unscaled = step == plan.length() - 1 && end(tried) == FinalLevel.FIRST_SIGMA;
    return preserving && !unscaled ? moved / Math.sqrt(1 + next * next) : moved;
  }

  private static FinalLevel end(Case tried) {
    return tried.options().find(SamplerOption.FINAL_LEVEL).orElseThrow();
  }

  private double relativeSigma(Case tried, ChainPlan plan, int step) {
    double level = level(tried, plan, step);
    return tried.model().schedule().isVariancePreserving() ? Math.sqrt((1 - level) / level) : level;
  }

  @Test
  void onTrainedTimesteps_itIsDdimWithoutNoise() {
    DiffusionModel model = DiffusionModel.of(LINEAR, PredictionType.EPSILON);
    SamplerOptions options = SamplerOptions.ofSteps(25);
    ChainPlan euler = sampler().plan(model, options);
    ChainPlan ddim = Samplers.of("ddim").plan(model, options);
    for (int i = 0; i < 25; i++) {
      assertEquals(ddim.steps().get(i).b0(), euler.steps().get(i).b0(), 1e-14, "b0 at " + i);
      assertEquals(ddim.steps().get(i).bx(), euler.steps().get(i).bx(), 1e-14, "bx at " + i);
    }
  }

  @Test
  void theInitialScaleOfItsLevel_isTheShareOfNoise() {
    DiffusionModel model = DiffusionModel.of(OF_LITTLE_NOISE, PredictionType.EPSILON);
    SamplerOptions options = SamplerOptions.ofSteps(5);
    assertEquals(1, sampler().plan(model, options).initialScale());
    assertEquals(
        OF_LITTLE_NOISE.sigma(9),
        sampler()
            .plan(model, options.with(SamplerOption.INITIAL_SCALE, InitialScale.SIGMA))
            .initialScale());
  }

  @Test
  void unroundedTimesteps_areOnLevelsBetweenTheTrainedOnes() {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR, PredictionType.V),
                SamplerOptions.ofSteps(3)
                    .with(SamplerOption.SPACING, TimestepSpacing.LINSPACE)
                    .with(SamplerOption.ROUND_TIMESTEPS, false));
    assertArrayEquals(new double[] {999, 499.5, 0}, plan.timesteps());
    double between = (LINEAR.level(499).relativeSigma() + LINEAR.level(500).relativeSigma()) / 2;
    // For v, x0 = α·x - σ·m.
    assertEquals(between, -plan.steps().get(1).am() / plan.steps().get(1).ax(), 1e-12);
  }

  @Test
  void unroundedTimesteps_areOfLinspaceAndOfNetworksThatTakeFractions() {
    SamplerOptions unrounded = SamplerOptions.ofSteps(4).with(SamplerOption.ROUND_TIMESTEPS, false);
    assertEquals(
        "round_timesteps: false (expected: true, or linspace spacing)",
        refusal(DiffusionModel.of(LINEAR, PredictionType.V), unrounded));
    SamplerOptions linspace = unrounded.with(SamplerOption.SPACING, TimestepSpacing.LINSPACE);
    assertEquals(
        "round_timesteps: false (expected: true, since the network takes whole timesteps alone)",
        refusal(
            new DiffusionModel(LINEAR, PredictionType.V, Variance.FIXED_SMALL, false), linspace));
    assertEquals(
        "round_timesteps: false (expected: true, since the schedule ends without signal)",
        refusal(DiffusionModel.of(LINEAR.withZeroTerminalSnr(), PredictionType.V), linspace));
  }

  @Test
  void aVarianceExplodingChain_startsAtItsLargestNoise() {
    assertEquals(
        50,
        sampler()
            .plan(DiffusionModel.of(EXPLODING, PredictionType.SCORE), SamplerOptions.ofSteps(12))
            .initialScale(),
        1e-12);
  }

  @Test
  void karrasLevelsBetweenTimesteps_areRefusedWhereTheNetworkLooksTimestepsUp() {
    InvalidOptionException refusal =
        assertThrows(
            InvalidOptionException.class,
            () ->
                sampler()
                    .plan(
                        new DiffusionModel(
                            EXPLODING, PredictionType.SCORE, Variance.FIXED_SMALL, false),
                        SamplerOptions.ofSteps(12).with(SamplerOption.KARRAS, true)));
    assertEquals(
        "karras: true (expected: false, since the network takes whole timesteps alone)",
        refusal.getMessage());
  }
}
