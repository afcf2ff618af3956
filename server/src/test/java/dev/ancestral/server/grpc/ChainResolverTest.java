package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DynamicThreshold;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.server.Bundles;
import dev.ancestral.v1.FastDpmApproximation;
import dev.ancestral.v1.FastDpmGrowth;
import dev.ancestral.v1.FinalLevel;
import dev.ancestral.v1.InitialScale;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SolverType;
import dev.ancestral.v1.TimestepSpacing;
import dev.ancestral.v1.Variance;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ChainResolverTest {
  private static final Bundle DIGITS = Bundles.DIGITS;
  private static final Bundle SCORE = Bundles.SCORE;
  private static final Bundle LOOKS_TIMESTEPS_UP = Bundles.withDiscreteTimesteps(DIGITS);
  private static final Bundle LEARNED_RANGE =
      Bundles.withVariance(DIGITS, dev.ancestral.diffusion.sampler.Variance.LEARNED_RANGE);
  private static final Bundle LEARNED =
      Bundles.withVariance(DIGITS, dev.ancestral.diffusion.sampler.Variance.LEARNED);

  private final RequestResolver resolver = new RequestResolver(() -> 77);

  private ResolvedRequest resolve(Bundle bundle, SampleRequest.Builder request) {
    return resolver.resolve(request.build(), "m", bundle, 5000);
  }

  private static SampleRequest.Builder request(String sampler) {
    return SampleRequest.newBuilder().setSampler(sampler);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of(
            DIGITS,
            request("dmpp-2m"),
            "sampler: unknown name 'dmpp-2m' (expected one of: ddpm, ddim, dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, fastdpm, euler; did you mean dpmpp-2m?)"),
        Arguments.of(
            DIGITS,
            request("langevin"),
            "sampler: langevin needs a network that predicts the score (expected one of: ddpm, ddim, dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, fastdpm, euler)"),
        Arguments.of(
            SCORE,
            request("fastdpm"),
            "sampler: fastdpm needs a variance-preserving schedule (expected one of: ddpm, ddim, dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, euler, langevin, annealed-langevin)"),
        Arguments.of(DIGITS, request("ddim").setSteps(0), "steps: 0 (expected: 1..1000)"),
        Arguments.of(DIGITS, request("ddim").setSteps(1001), "steps: 1001 (expected: 1..1000)"),
        Arguments.of(
            DIGITS, request("ddim").setSteps(1 << 30), "steps: 1073741824 (expected: 1..1000)"),
        Arguments.of(DIGITS, request("fastdpm").setSteps(1), "steps: 1 (expected: 2..1000)"),
        Arguments.of(
            SCORE, request("langevin").setSteps(10_001), "steps: 10001 (expected: 1..10000)"),
        Arguments.of(
            SCORE,
            request("annealed-langevin").setSteps(3),
            "steps: 3 (expected: 4..10000, at least one a level of noise)"),
        Arguments.of(
            LEARNED,
            request("ddpm").setSteps(10),
            "steps: 10 (expected: 1000, since the network predicts the variance of the very next timestep)"),
        Arguments.of(DIGITS, request("ddim").setEta(1.5), "eta: 1.5 (expected: 0..1)"),
        Arguments.of(DIGITS, request("ddim").setEta(Double.NaN), "eta: NaN (expected: 0..1)"),
        Arguments.of(DIGITS, request("fastdpm").setKappa(-1), "kappa: -1.0 (expected: 0..1)"),
        Arguments.of(
            SCORE, request("langevin").setStepSize(0), "step_size: 0.0 (expected: above 0)"),
        Arguments.of(
            SCORE, request("langevin").setDecay(1.5), "decay: 1.5 (expected: above 0, at most 1)"),
        Arguments.of(
            SCORE,
            request("langevin").setTemperature(-0.5),
            "temperature: -0.5 (expected: at least 0)"),
        Arguments.of(
            DIGITS,
            request("ddpm").setEta(0.5),
            "eta: given for sampler ddpm (expected: for ddim only)"),
        Arguments.of(
            DIGITS,
            request("ddpm").setRederiveEpsilon(false),
            "rederive_epsilon: given for sampler ddpm (expected: for ddim only)"),
        Arguments.of(
            DIGITS,
            request("ddim").setVariance(Variance.VARIANCE_FIXED_LARGE),
            "variance: given for sampler ddim (expected: for ddpm only)"),
        Arguments.of(
            DIGITS,
            request("ddim").setKarras(false),
            "karras: given for sampler ddim (expected: for dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, euler only)"),
        Arguments.of(
            DIGITS,
            request("fastdpm").setRespacing("ddim25"),
            "respacing: given for sampler fastdpm (expected: for ddpm, ddim, dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, euler only)"),
        Arguments.of(
            DIGITS,
            request("ddim").setStepSize(0.1),
            "step_size: given for sampler ddim (expected: for langevin, annealed-langevin only)"),
        Arguments.of(
            DIGITS,
            request("ddpm").setVariance(Variance.VARIANCE_LEARNED_RANGE),
            "variance: learned_range (expected: fixed_small or fixed_large, since the network did not learn it)"),
        Arguments.of(
            LEARNED_RANGE,
            request("ddpm").setVariance(Variance.VARIANCE_LEARNED),
            "variance: learned (expected: learned_range, fixed_small or fixed_large, since the network did not learn it)"),
        Arguments.of(
            LOOKS_TIMESTEPS_UP,
            request("fastdpm").setApproximation(FastDpmApproximation.FAST_DPM_APPROXIMATION_VAR),
            "approximation: var (expected: step, since the network takes whole timesteps alone)"),
        Arguments.of(
            LOOKS_TIMESTEPS_UP,
            request("euler").setKarras(true),
            "karras: true (expected: false, since the network takes whole timesteps alone)"),
        Arguments.of(
            DIGITS,
            request("euler").setKarras(true).setSpacing(TimestepSpacing.TIMESTEP_SPACING_LEADING),
            "spacing: given together with karras (expected: one of the two)"),
        Arguments.of(
            DIGITS,
            request("dpmpp-2m").setKarras(true).setRespacing("10"),
            "respacing: given together with karras (expected: one of the two)"),
        Arguments.of(
            DIGITS,
            request("ddim")
                .setRespacing("10")
                .setSpacing(TimestepSpacing.TIMESTEP_SPACING_TRAILING),
            "respacing: given beside spacing (expected: one of the two)"),
        Arguments.of(
            DIGITS,
            request("ddim").setRespacing("ten"),
            "respacing: 'ten' (expected: such as 10,15,20 or ddim25)"),
        Arguments.of(
            DIGITS,
            request("ddim").setRespacing("ddim300"),
            "respacing: ddim300 (expected: one that divides, but no whole stride takes 300 of 1000 timesteps)"),
        Arguments.of(
            DIGITS,
            request("ddim").setRespacing("501,1"),
            "respacing: 501,1 (expected: one that divides, but its part 1 has 500 of the 1000 timesteps)"),
        Arguments.of(
            DIGITS,
            request("ddim").setRespacing("10,15").setSteps(20),
            "steps: 20 (expected: 25, as respacing 10,15 takes)"),
        Arguments.of(
            DIGITS,
            request("ddim").setThresholdQuantile(0),
            "threshold_quantile: 0.0 (expected: above 0, at most 1)"),
        Arguments.of(
            DIGITS,
            request("ddim").setThresholdQuantile(Double.NaN),
            "threshold_quantile: NaN (expected: above 0, at most 1)"),
        Arguments.of(
            DIGITS,
            request("ddim").setThresholdQuantile(0.9).setClip(false),
            "threshold_quantile: given beside clip false (expected: one of the two)"),
        Arguments.of(
            DIGITS, request("ddim").setClipRange(-1), "clip_range: -1.0 (expected: above 0)"),
        Arguments.of(
            DIGITS,
            request("ddim").setClipRange(2).setClip(false),
            "clip_range: given beside clip false (expected: one of the two)"),
        Arguments.of(
            DIGITS,
            request("ddim").setClipRange(2).setThresholdQuantile(0.9),
            "clip_range: given beside threshold_quantile (expected: one of the two)"),
        Arguments.of(
            DIGITS,
            request("ddim").setThresholdMax(2),
            "threshold_max: given without threshold_quantile (expected: both)"),
        Arguments.of(
            DIGITS,
            request("ddim").setThresholdMax(0).setThresholdQuantile(0.9),
            "threshold_max: 0.0 (expected: above 0)"),
        Arguments.of(
            DIGITS,
            request("ddim").setStepsOffset(1),
            "steps_offset: 1 (expected: 0, or leading spacing)"),
        Arguments.of(
            DIGITS,
            request("euler").setRoundTimesteps(false),
            "round_timesteps: false (expected: true, or linspace spacing)"),
        Arguments.of(
            DIGITS,
            request("dpmpp-2m").setSolverOrder(3),
            "solver_order: 3 (expected: 1 or 2, a whole number)"),
        Arguments.of(
            DIGITS,
            request("unipc").setSolverOrder(4),
            "solver_order: 4 (expected: 1..3, a whole number)"),
        Arguments.of(
            DIGITS,
            request("ipndm").setSolverOrder(5),
            "solver_order: 5 (expected: 1..4, a whole number)"),
        Arguments.of(
            DIGITS,
            request("deis").setSolverType(SolverType.SOLVER_TYPE_BH1),
            "solver_type: given for sampler deis (expected: for unipc only)"),
        Arguments.of(
            DIGITS,
            request("ddim").addTimesteps(10).addTimesteps(10),
            "timesteps: 10 after 10 (expected: falling numbers)"),
        Arguments.of(
            DIGITS, request("ddim").addTimesteps(1000), "timesteps: 1000 (expected: 0..999)"),
        Arguments.of(
            DIGITS,
            request("ddim").addTimesteps(-0.5),
            "timesteps: -0.5 (expected: numbers from 0)"),
        Arguments.of(
            DIGITS,
            request("ddim").addTimesteps(Double.NaN),
            "timesteps: NaN (expected: numbers from 0)"),
        Arguments.of(
            LOOKS_TIMESTEPS_UP,
            request("ddim").addTimesteps(900).addTimesteps(845.5),
            "timesteps: 845.5 (expected: whole ones, since the network takes whole timesteps alone)"),
        Arguments.of(
            DIGITS,
            request("ddim").addTimesteps(900).addTimesteps(500).setSteps(3),
            "steps: 3 (expected: 2, as many as timesteps)"),
        Arguments.of(
            DIGITS,
            request("ddim").addTimesteps(900).setSpacing(TimestepSpacing.TIMESTEP_SPACING_LEADING),
            "timesteps: given together with spacing (expected: one of the two)"),
        Arguments.of(
            DIGITS,
            request("ddim").addTimesteps(900).setRespacing("1"),
            "respacing: given beside timesteps (expected: one of the two)"),
        Arguments.of(
            DIGITS,
            request("unipc").addTimesteps(900).setKarras(true),
            "timesteps: given together with karras (expected: one of the two)"),
        Arguments.of(
            DIGITS,
            request("ddim").addTimesteps(900).setStepsOffset(1),
            "timesteps: given together with steps_offset (expected: one of the two)"),
        Arguments.of(
            DIGITS,
            request("ddim").addTimesteps(900).setByStride(true),
            "timesteps: given together with by_stride (expected: one of the two)"),
        Arguments.of(
            DIGITS,
            request("euler").addTimesteps(900).setRoundTimesteps(false),
            "timesteps: given together with round_timesteps (expected: one of the two)"),
        Arguments.of(
            DIGITS,
            request("fastdpm").addTimesteps(900),
            "timesteps: given for sampler fastdpm (expected: for ddpm, ddim, dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, euler only)"),
        Arguments.of(
            DIGITS, request("ddim").setSpacingValue(9), "spacing: 9 (expected: a known value)"),
        Arguments.of(
            DIGITS, request("ddpm").setVarianceValue(9), "variance: 9 (expected: a known value)"),
        Arguments.of(
            DIGITS,
            request("ddim").setFinalLevelValue(-1),
            "final_level: -1 (expected: a known value)"),
        Arguments.of(
            DIGITS,
            request("fastdpm").setApproximationValue(3).setGrowthValue(3).setKappa(2),
            "approximation: 3 (expected: a known value); growth: 3 (expected: a known value); "
                + "kappa: 2.0 (expected: 0..1)"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatIsWrongIsNamedWithWhatIsExpected(
      Bundle bundle, SampleRequest.Builder request, String message) {
    InvalidRequestException e =
        assertThrows(InvalidRequestException.class, () -> resolve(bundle, request));
    assertEquals(message, e.getMessage());
  }

  @Test
  void everyOptionHasAFieldOfItsName() {
    for (SamplerOption<?> option : SamplerOption.all()) {
      assertNotNull(SampleRequest.getDescriptor().findFieldByName(option.name()), option.name());
    }
  }

  static Stream<Arguments> everySamplerOfEveryModel() {
    return Stream.of(DIGITS, LEARNED_RANGE, LOOKS_TIMESTEPS_UP, SCORE)
        .flatMap(
            bundle ->
                Samplers.namesFor(bundle.model()).stream()
                    .map(sampler -> Arguments.of(sampler, bundle)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everySamplerOfEveryModel")
  void aSamplersNameIsARequest_thatResolvesToItself(String sampler, Bundle bundle) {
    ResolvedRequest once = resolve(bundle, request(sampler));
    assertEquals(sampler, once.chain().plan().sampler());
    assertEquals(once.chain().plan().length(), once.request().getSteps());
    ResolvedRequest twice = resolve(bundle, once.request().toBuilder());
    assertEquals(once.request(), twice.request());
    assertEquals(once.chain().plan(), twice.chain().plan());
  }

  /** Requests that say something, beside what they would be without it. */
  static Stream<Arguments> given() {
    return Stream.of(
        Arguments.of(
            DIGITS,
            request("ddpm").setSteps(50),
            request("ddpm").setSteps(50).setSpacing(TimestepSpacing.TIMESTEP_SPACING_LEADING)),
        Arguments.of(
            DIGITS, request("ddpm"), request("ddpm").setVariance(Variance.VARIANCE_FIXED_LARGE)),
        Arguments.of(
            LEARNED_RANGE,
            request("ddpm"),
            request("ddpm").setVariance(Variance.VARIANCE_FIXED_SMALL)),
        Arguments.of(DIGITS, request("ddim"), request("ddim").setEta(0.25)),
        Arguments.of(DIGITS, request("ddim"), request("ddim").setRederiveEpsilon(false)),
        Arguments.of(
            DIGITS,
            request("ddim"),
            request("ddim").setFinalLevel(FinalLevel.FINAL_LEVEL_FIRST_TIMESTEP)),
        Arguments.of(DIGITS, request("ddim"), request("ddim").setRespacing("10,15,25")),
        Arguments.of(DIGITS, request("ddim"), request("ddim").setClip(false)),
        Arguments.of(DIGITS, request("ddim"), request("ddim").setThresholdQuantile(0.995)),
        Arguments.of(DIGITS, request("ddim"), request("ddim").setClipRange(2)),
        Arguments.of(
            DIGITS, request("ddim").setSteps(30), request("ddim").setSteps(30).setByStride(true)),
        Arguments.of(
            DIGITS,
            request("ddim").setThresholdQuantile(0.995),
            request("ddim").setThresholdQuantile(0.995).setThresholdMax(1.5)),
        Arguments.of(
            DIGITS,
            request("ddim").setSpacing(TimestepSpacing.TIMESTEP_SPACING_LEADING),
            request("ddim").setSpacing(TimestepSpacing.TIMESTEP_SPACING_LEADING).setStepsOffset(1)),
        Arguments.of(
            DIGITS,
            request("euler").setSpacing(TimestepSpacing.TIMESTEP_SPACING_LINSPACE),
            request("euler")
                .setSpacing(TimestepSpacing.TIMESTEP_SPACING_LINSPACE)
                .setRoundTimesteps(false)),
        Arguments.of(
            DIGITS,
            request("euler"),
            request("euler").setInitialScale(InitialScale.INITIAL_SCALE_SIGMA)),
        Arguments.of(
            DIGITS,
            request("euler"),
            request("euler").setFinalLevel(FinalLevel.FINAL_LEVEL_FIRST_SIGMA)),
        Arguments.of(DIGITS, request("dpmpp-2m"), request("dpmpp-2m").setSolverOrder(1)),
        Arguments.of(DIGITS, request("unipc"), request("unipc").setSolverOrder(3)),
        Arguments.of(
            DIGITS, request("unipc"), request("unipc").setSolverType(SolverType.SOLVER_TYPE_BH1)),
        Arguments.of(DIGITS, request("deis"), request("deis").setSolverOrder(3)),
        Arguments.of(DIGITS, request("ipndm"), request("ipndm").setSolverOrder(3)),
        Arguments.of(
            DIGITS,
            request("dpmpp-3m").setSteps(9),
            request("dpmpp-3m").setSteps(9).setLowerOrderFinal(false)),
        Arguments.of(
            DIGITS,
            request("ddpm").setSteps(3),
            request("ddpm").addTimesteps(999).addTimesteps(845.25).addTimesteps(0)),
        Arguments.of(
            DIGITS,
            request("unipc").setSteps(2),
            request("unipc").addTimesteps(999).addTimesteps(400)),
        Arguments.of(
            DIGITS,
            request("dpmpp-2m").setSteps(9),
            request("dpmpp-2m").setSteps(9).setKarras(true)),
        Arguments.of(
            DIGITS,
            request("dpmpp-2m").setSteps(9).setFinalLevel(FinalLevel.FINAL_LEVEL_FIRST_TIMESTEP),
            request("dpmpp-2m")
                .setSteps(9)
                .setFinalLevel(FinalLevel.FINAL_LEVEL_FIRST_TIMESTEP)
                .setLowerOrderFinal(false)),
        Arguments.of(
            DIGITS,
            request("fastdpm"),
            request("fastdpm").setApproximation(FastDpmApproximation.FAST_DPM_APPROXIMATION_VAR)),
        Arguments.of(
            DIGITS,
            request("fastdpm"),
            request("fastdpm").setGrowth(FastDpmGrowth.FAST_DPM_GROWTH_QUADRATIC)),
        Arguments.of(DIGITS, request("fastdpm"), request("fastdpm").setKappa(0.5)),
        Arguments.of(DIGITS, request("euler"), request("euler").setKarras(true)),
        Arguments.of(SCORE, request("langevin"), request("langevin").setStepSize(0.1)),
        Arguments.of(SCORE, request("langevin"), request("langevin").setTemperature(0)),
        Arguments.of(
            SCORE, request("annealed-langevin"), request("annealed-langevin").setDecay(0.5)));
  }

  @ParameterizedTest
  @MethodSource("given")
  void whatIsGivenChangesTheChain_andIsKept(
      Bundle bundle, SampleRequest.Builder plain, SampleRequest.Builder given) {
    ResolvedRequest resolved = resolve(bundle, given);
    assertNotEquals(resolve(bundle, plain).chain().plan(), resolved.chain().plan());
    given
        .build()
        .getAllFields()
        .forEach((field, value) -> assertEquals(value, resolved.request().getField(field)));
    ResolvedRequest again = resolve(bundle, resolved.request().toBuilder());
    assertEquals(resolved.request(), again.request());
    assertEquals(resolved.chain().plan(), again.chain().plan());
  }

  @Test
  void aListOfTimesteps_isAllThatIsSaidOfThem() {
    Bundle bundle = recommending("ddim", Map.of("by_stride", true, "rederive_epsilon", false));
    ResolvedRequest resolved =
        resolve(bundle, request("").addTimesteps(999).addTimesteps(845.5).addTimesteps(7));
    SampleRequest request = resolved.request();
    assertEquals(3, request.getSteps());
    assertEquals(List.of(999.0, 845.5, 7.0), request.getTimestepsList());
    assertEquals(TimestepSpacing.TIMESTEP_SPACING_UNSPECIFIED, request.getSpacing());
    assertFalse(request.hasStepsOffset());
    assertFalse(request.hasByStride());
    assertFalse(request.getRederiveEpsilon());
    assertArrayEquals(new double[] {999, 845.5, 7}, resolved.chain().plan().timesteps());
  }

  @Test
  void theBundlesRecommendationIsForItsOwnSampler() {
    SampleRequest recommended = resolve(Bundles.POINTS, SampleRequest.newBuilder()).request();
    assertEquals("ddpm", recommended.getSampler());
    assertEquals(40, recommended.getSteps());
    assertEquals(Variance.VARIANCE_FIXED_SMALL, recommended.getVariance());
    assertEquals(50, resolve(Bundles.POINTS, request("ddim")).request().getSteps());
  }

  @Test
  void recommendedOptionsAreDefaultsOfTheirSampler_andGiveWayToWhatIsGiven() {
    Bundle bundle = recommending("ddim", Map.of("eta", 0.25, "rederive_epsilon", false));
    SampleRequest silent = resolve(bundle, SampleRequest.newBuilder()).request();
    assertEquals("ddim", silent.getSampler());
    assertEquals(0.25, silent.getEta());
    assertTrue(silent.hasRederiveEpsilon() && !silent.getRederiveEpsilon());
    SampleRequest given = resolve(bundle, request("ddim").setEta(1)).request();
    assertEquals(1, given.getEta());
    assertFalse(given.getRederiveEpsilon());
    SampleRequest other = resolve(bundle, request("dpmpp-2m")).request();
    assertFalse(other.hasEta());
    assertFalse(other.getKarras());
  }

  @Test
  void recommendedKarrasLevelsGiveWayToAGivenSpacing() {
    Bundle bundle = recommending("dpmpp-2m", Map.of("karras", true));
    assertTrue(resolve(bundle, SampleRequest.newBuilder()).request().getKarras());
    SampleRequest spaced =
        resolve(
                bundle,
                SampleRequest.newBuilder().setSpacing(TimestepSpacing.TIMESTEP_SPACING_LINSPACE))
            .request();
    assertFalse(spaced.getKarras());
    assertEquals(TimestepSpacing.TIMESTEP_SPACING_LINSPACE, spaced.getSpacing());
  }

  private static Bundle recommending(String sampler, Map<String, Object> options) {
    return Bundles.bundle(Bundles.POINTS.data(), null, new Recommended(sampler, 20, options, 1, 0));
  }

  @Test
  void ddpmRunsEveryTimestep_withTheBundlesVariance_unlessToldOtherwise() {
    ResolvedRequest resolved = resolve(LEARNED_RANGE, request("ddpm"));
    assertEquals(1000, resolved.request().getSteps());
    assertEquals(Variance.VARIANCE_LEARNED_RANGE, resolved.request().getVariance());
    assertTrue(resolved.chain().plan().usesVariance());
  }

  @Test
  void theBundlesSpacingIsTheDefault() {
    Bundle leading =
        Bundles.withSpacing(DIGITS, dev.ancestral.diffusion.sampler.TimestepSpacing.LEADING);
    ResolvedRequest resolved = resolve(leading, request("ddim").setSteps(10));
    assertEquals(TimestepSpacing.TIMESTEP_SPACING_LEADING, resolved.request().getSpacing());
    assertEquals(900, resolved.chain().plan().timesteps()[0]);
  }

  @Test
  void aRespacingGivesTheSteps() {
    ResolvedRequest resolved = resolve(DIGITS, request("ddim").setRespacing("3,2"));
    assertEquals(5, resolved.request().getSteps());
    assertEquals(TimestepSpacing.TIMESTEP_SPACING_UNSPECIFIED, resolved.request().getSpacing());
    assertArrayEquals(new double[] {999, 500, 499, 250, 0}, resolved.chain().plan().timesteps(), 0);
  }

  @Test
  void clippingIsToTheDatasRange() {
    assertEquals(
        new ClipRange(-2, 2), resolve(Bundles.POINTS, request("ddim")).chain().plan().clipping());
    assertEquals(
        Clipping.NONE,
        resolve(Bundles.POINTS, request("ddim").setClip(false)).chain().plan().clipping());
  }

  @Test
  void aThresholdTakesThePlaceOfClipping() {
    ResolvedRequest resolved = resolve(Bundles.POINTS, request("ddim").setThresholdQuantile(0.9));
    assertEquals(new DynamicThreshold(-2, 2, 0.9), resolved.chain().plan().clipping());
    assertTrue(resolved.request().getClip());
  }
}
