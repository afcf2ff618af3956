package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.diffusion.PredictionType;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GivenTimestepsTest {
  private static final DiffusionModel MODEL =
      DiffusionModel.of(SamplerContract.LINEAR, PredictionType.EPSILON);

  private static SamplerOptions options(double... timesteps) {
    return SamplerOptions.ofSteps(timesteps.length)
        .with(
            SamplerOption.TIMESTEPS,
            new GivenTimesteps(DoubleStream.of(timesteps).boxed().toList()));
  }

  static Stream<String> samplersThatTakeASpacing() {
    return Samplers.namesFor(MODEL).stream()
        .filter(name -> Samplers.of(name).takes(SamplerOption.SPACING, MODEL));
  }

  @ParameterizedTest
  @MethodSource("samplersThatTakeASpacing")
  void theTimestepsOfASpacing_giveThePlanOfTheSpacing(String name) {
    Sampler sampler = Samplers.of(name);
    ChainPlan spaced = sampler.plan(MODEL, SamplerOptions.ofSteps(17));
    assertEquals(spaced, sampler.plan(MODEL, options(spaced.timesteps())));
  }

  @ParameterizedTest
  @MethodSource("samplersThatTakeASpacing")
  void aListIsResolvedToItself_andKeptAsWritten(String name) {
    Sampler sampler = Samplers.of(name);
    SamplerOptions resolved = sampler.resolve(MODEL, options(999, 500.5, 3));
    assertEquals(resolved, sampler.resolve(MODEL, resolved));
    assertEquals(List.of(999.0, 500.5, 3.0), resolved.written().get("timesteps"));
    assertEquals(
        resolved,
        SamplerOptions.ofSteps(3)
            .read(SamplerOption.TIMESTEPS, List.of(999, 500.5, 3))
            .over(resolved));
    assertArrayEquals(
        new double[] {999, 500.5, 3}, sampler.plan(MODEL, resolved).timesteps(), name);
  }

  @Test
  void ofAPosteriorMean_aListHasTheCoefficientsOfTheTrainedTimesteps() {
    DiffusionModel model = DiffusionModel.of(SamplerContract.COSINE, PredictionType.POSTERIOR_MEAN);
    ChainPlan spaced = Samplers.of("ddim").plan(model, SamplerOptions.ofSteps(5));
    assertEquals(spaced, Samplers.of("ddim").plan(model, options(spaced.timesteps())));
  }

  @Test
  void whatAsksForNothingBesideAList_isLeftOut() {
    SamplerOptions list = options(999, 10);
    assertEquals(
        Samplers.of("unipc").resolve(MODEL, list),
        Samplers.of("unipc").resolve(MODEL, list.with(SamplerOption.KARRAS, false)));
    assertEquals(
        "timesteps: given together with karras (expected: one of the two)",
        assertThrows(
                InvalidOptionException.class,
                () -> Samplers.of("unipc").resolve(MODEL, list.with(SamplerOption.KARRAS, true)))
            .getMessage());
  }

  @Test
  void aListThatDoesNotFall_isRefused() {
    for (double second : new double[] {10, 10.5, 999}) {
      assertThrows(InvalidOptionException.class, () -> options(10, second));
    }
    assertEquals(2, options(10.5, 10).steps());
  }

  @Test
  void betweenTwoTrainedTimesteps_theLevelIsTheirMeanInLogSigma() {
    ChainPlan plan = Samplers.of("euler").plan(MODEL, options(500.25, 100));
    double low = Math.log(SamplerContract.LINEAR.level(500).relativeSigma());
    double high = Math.log(SamplerContract.LINEAR.level(501).relativeSigma());
    double sigma = Math.exp(0.75 * low + 0.25 * high);
    assertEquals(Math.sqrt(1 + sigma * sigma), plan.steps().get(0).ax(), 1e-12);
    assertEquals(-sigma, plan.steps().get(0).am(), 1e-12);
    double next = SamplerContract.LINEAR.level(100).sigma();
    assertEquals(next / (sigma / Math.sqrt(1 + sigma * sigma)), plan.steps().get(0).bx(), 1e-12);
  }

  @Test
  void besideALevelWithoutSignal_thereIsNoFraction() {
    DiffusionModel model =
        DiffusionModel.of(SamplerContract.LINEAR.withZeroTerminalSnr(), PredictionType.V);
    assertEquals(2, Samplers.of("ddim").plan(model, options(999, 998)).length());
    assertRefused(
        "timesteps: 998.5 (expected: at most 998, or 999, where no signal is left)",
        model,
        options(998.5));
  }

  @Test
  void aPosteriorMean_isThatOfATrainedTimestep() {
    DiffusionModel model = DiffusionModel.of(SamplerContract.COSINE, PredictionType.POSTERIOR_MEAN);
    assertRefused(
        "timesteps: 7.5 (expected: whole ones, since a posterior mean is that of a trained timestep)",
        model,
        options(7.5));
  }

  @Test
  void aLearnedVariance_isThatOfTheVeryNextTimestep() {
    DiffusionModel model =
        new DiffusionModel(
            SamplerContract.COSINE, PredictionType.EPSILON, Variance.LEARNED, true, null);
    double[] all = IntStream.range(0, 200).mapToDouble(t -> 199 - t).toArray();
    assertEquals(200, Samplers.of("ddpm").plan(model, options(all)).length());
    all[0] = 198.5;
    assertEquals(
        "timesteps: fractions (expected: whole ones, since the network predicts the variance of the very next timestep)",
        assertThrows(
                InvalidOptionException.class, () -> Samplers.of("ddpm").plan(model, options(all)))
            .getMessage());
  }

  @Test
  void moreTimestepsThanThereAre_areRefused() {
    double[] many = IntStream.range(0, 201).mapToDouble(i -> 199 - i / 2.0).toArray();
    assertRefused(
        "timesteps: 201 of them (expected: at most 200)",
        DiffusionModel.of(SamplerContract.COSINE, PredictionType.EPSILON),
        options(many));
  }

  @Test
  void whatIsNoList_isRefused() {
    for (Object value : List.of("999,500", 7, List.of("999"), List.of(List.of(1)))) {
      InvalidOptionException refusal =
          assertThrows(
              InvalidOptionException.class,
              () -> SamplerOptions.ofSteps(1).read(SamplerOption.TIMESTEPS, value));
      assertEquals(
          "timesteps: %s (expected: a list of falling numbers, each at least 0)".formatted(value),
          refusal.getMessage());
    }
    assertEquals(
        "timesteps: none (expected: at least 1)",
        assertThrows(
                InvalidOptionException.class, () -> new GivenTimesteps(Collections.emptyList()))
            .getMessage());
  }

  private static void assertRefused(String message, DiffusionModel model, SamplerOptions options) {
    assertEquals(
        message,
        assertThrows(InvalidOptionException.class, () -> Samplers.of("ddim").plan(model, options))
            .getMessage());
  }
}
