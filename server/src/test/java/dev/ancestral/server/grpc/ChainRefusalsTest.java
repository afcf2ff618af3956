package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.server.Bundles;
import dev.ancestral.v1.FastDpmApproximation;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SolverType;
import dev.ancestral.v1.TimestepSpacing;
import dev.ancestral.v1.Variance;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request may not ask of its chain, by the field and in words. */
final class ChainRefusalsTest {
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
}
