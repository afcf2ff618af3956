package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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

  private final RequestResolver resolver = new RequestResolver(() -> 77);

  private ResolvedRequest resolve(Bundle bundle, SampleRequest.Builder request) {
    return resolver.resolve(request.build(), "m", bundle, 5000);
  }

  private static SampleRequest.Builder request(String sampler) {
    return SampleRequest.newBuilder().setSampler(sampler);
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
