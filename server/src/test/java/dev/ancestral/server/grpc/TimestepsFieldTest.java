package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.server.Bundles;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.TimestepSpacing;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A list of timesteps in a request, in place of a spacing. */
final class TimestepsFieldTest {
  private static final Bundle DIGITS = Bundles.DIGITS;
  private static final Bundle LOOKS_TIMESTEPS_UP = Bundles.withDiscreteTimesteps(DIGITS);

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
            "timesteps: given for sampler fastdpm (expected: for ddpm, ddim, dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, euler only)"));
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
  void aListOfTimesteps_isAllThatIsSaidOfThem() {
    Bundle bundle =
        Bundles.bundle(
            Bundles.POINTS.data(),
            null,
            new Recommended(
                "ddim", 20, Map.of("by_stride", true, "rederive_epsilon", false), 1, 0));
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
}
