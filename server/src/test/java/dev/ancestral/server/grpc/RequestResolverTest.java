package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.server.Bundles;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.FinalLevel;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.Tensor;
import dev.ancestral.v1.TimestepSpacing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RequestResolverTest {
  private static final Bundle NO_NULL_LABEL =
      Bundles.bundle(Bundles.DIGITS.data(), new Conditioning(3, List.of(), null), Recommended.NONE);

  private final RequestResolver resolver = new RequestResolver(() -> 77);

  private ResolvedRequest resolve(Bundle bundle, SampleRequest request) {
    return resolver.resolve(request, "m", bundle, 5000);
  }

  private static SampleRequest.Builder request() {
    return SampleRequest.newBuilder();
  }

  private static Frames.Builder frames() {
    return Frames.newBuilder();
  }

  private static Tensor noise(List<Long> shape, float... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return Tensor.newBuilder()
        .addAllShape(shape)
        .setFloat32(ByteString.copyFrom(bytes.array()))
        .build();
  }

  static Stream<Arguments> wrong() {
    Bundle digits = Bundles.DIGITS;
    Bundle points = Bundles.POINTS;
    return Stream.of(
        Arguments.of(
            digits,
            request().setNumSamples(0),
            "num_samples: 0 (expected: 1..5000, a larger number is several requests of this size)"),
        Arguments.of(
            digits,
            request().setNumSamples(1_000_000_000),
            "num_samples: 1000000000 (expected: 1..5000, a larger number is several requests of"
                + " this size)"),
        Arguments.of(
            Bundles.UNCONDITIONAL,
            request().addLabels(0),
            "labels: 1 given (expected: none, model m is unconditional)"),
        Arguments.of(
            digits,
            request().addLabels(1).addLabels(3).addLabels(-1),
            "labels[1]: 3 (expected: 0..2); labels[2]: -1 (expected: 0..2)"),
        Arguments.of(
            digits,
            request().addLabels(1).addLabelNames("one"),
            "label_names: given beside labels (expected: one of the two)"),
        Arguments.of(
            digits,
            request().addLabelNames("tow").addLabelNames("2").addLabelNames("index:3"),
            "label_names[0]: unknown name 'tow' (expected one of: zero, one, two; did you mean"
                + " two?); label_names[2]: index:3 (expected: index:0 to index:2)"),
        Arguments.of(
            Bundles.UNCONDITIONAL,
            request().addLabelNames("one"),
            "label_names: 1 given (expected: none, model m is unconditional)"),
        Arguments.of(
            digits, request().setFirstIndex(-1), "first_index: -1 (expected: 0..2147483646)"),
        Arguments.of(
            digits,
            request().setFirstIndex(Integer.MAX_VALUE).setNumSamples(2),
            "first_index: 2147483647 (expected: 0..2147483645)"),
        Arguments.of(
            NO_NULL_LABEL,
            request(),
            "labels: none given (expected: 0..2, model m cannot draw without a class)"),
        Arguments.of(
            digits,
            request().setPriority(101),
            "priority: 101 (expected: -100..100, 0 is the usual one)"),
        Arguments.of(
            digits,
            request().addLabels(0).setGuidanceWeight(101),
            "guidance_weight: 101.0 (expected: -100..100)"),
        Arguments.of(
            digits,
            request().addLabels(0).setGuidanceWeight(Double.NaN).setGuidanceRescale(-1),
            "guidance_weight: NaN (expected: -100..100); guidance_rescale: -1.0 (expected: 0..1)"),
        Arguments.of(
            digits,
            request().addLabels(0).setGuidanceRescale(0.7),
            "guidance_rescale: 0.7 (expected: 0, or a guidance_weight other than 1)"),
        Arguments.of(
            Bundles.UNCONDITIONAL,
            request().setGuidanceWeight(2),
            "guidance_weight: 2.0 (expected: 1, model m is unconditional)"),
        Arguments.of(
            NO_NULL_LABEL,
            request().addLabels(0).setGuidanceWeight(2),
            "guidance_weight: 2.0 (expected: 1, model m has no null label)"),
        Arguments.of(
            digits,
            request().setGuidanceWeight(0),
            "guidance_weight: 0.0 (expected: 1, or labels to guide to)"),
        Arguments.of(
            points,
            request().setEncoding(Encoding.ENCODING_PNG),
            "encoding: ENCODING_PNG (expected: ENCODING_FLOAT32, or UINT8 and PNG where samples are"
                + " pictures)"),
        Arguments.of(
            digits,
            request().setEncodingValue(9),
            "encoding: 9 (expected: ENCODING_FLOAT32, or UINT8 and PNG where samples are"
                + " pictures)"),
        Arguments.of(
            points,
            request().setFrames(frames().setEncoding(Encoding.ENCODING_UINT8)),
            "frames.encoding: ENCODING_UINT8 (expected: ENCODING_FLOAT32, or UINT8 and PNG where"
                + " samples are pictures)"),
        Arguments.of(
            digits,
            request().setFrames(frames().setEvery(0)),
            "frames.every: 0 (expected: 1..50, the steps of the chain)"),
        Arguments.of(
            digits,
            request().setFrames(frames().setEvery(51)),
            "frames.every: 51 (expected: 1..50, the steps of the chain)"),
        Arguments.of(
            digits,
            request().setFrames(frames().setCount(1)),
            "frames.count: 1 (expected: 2..51, x_T and one after each step)"),
        Arguments.of(
            digits,
            request().setFrames(frames().setCount(52)),
            "frames.count: 52 (expected: 2..51, x_T and one after each step)"),
        Arguments.of(
            digits,
            request().setFrames(frames().setCount(2).setEvery(2)),
            "frames: more than one of every, count and steps (expected: one of them)"),
        Arguments.of(
            digits,
            request().setFrames(frames().setCount(2).addSteps(2)),
            "frames: more than one of every, count and steps (expected: one of them)"),
        Arguments.of(
            digits,
            request().setFrames(frames().addSteps(0).addSteps(51)),
            "frames.steps[1]: 51 (expected: 0..50, rising)"),
        Arguments.of(
            digits,
            request().setFrames(frames().addSteps(-1).addSteps(-2)),
            "frames.steps[0]: -1 (expected: 0..50, rising)"),
        Arguments.of(
            digits,
            request().setFrames(frames().addSteps(7).addSteps(7)),
            "frames.steps[1]: 7 (expected: 0..50, rising)"),
        Arguments.of(
            digits,
            request().setFrames(frames().setContentValue(9)),
            "frames.content: 9 (expected: a known value)"),
        Arguments.of(
            points,
            request().setNumSamples(2).setInitialNoise(noise(List.of(1L, 2L), 1, 2)),
            "initial_noise.shape: [1, 2] (expected: [2, 2])"),
        Arguments.of(
            points,
            request().setInitialNoise(noise(List.of(1L, 2L), 1, 2, 3)),
            "initial_noise.float32: 12 bytes (expected: 8 for shape [1, 2])"),
        Arguments.of(
            points,
            request().setInitialNoise(noise(List.of(1L, 2L), 1, Float.NaN)),
            "initial_noise.float32[1]: NaN (expected: a finite number)"),
        Arguments.of(
            points,
            request()
                .setInitialNoise(
                    Tensor.newBuilder().addShape(1).addShape(2).setUint8(ByteString.EMPTY)),
            "initial_noise.float32: not given (expected: the numbers as float32)"),
        Arguments.of(
            digits,
            request().setNumSamples(-1).setSteps(0).setEta(2),
            "num_samples: -1 (expected: 1..5000, a larger number is several requests of this size);"
                + " eta: 2.0 (expected: 0..1); steps: 0 (expected: 1..1000)"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatIsWrongIsNamedWithWhatIsExpected(
      Bundle bundle, SampleRequest.Builder request, String message) {
    InvalidRequestException e =
        assertThrows(InvalidRequestException.class, () -> resolve(bundle, request.build()));
    assertEquals(message, e.getMessage());
  }

  @Test
  void theEmptyRequestHasADefaultForEverything() {
    ResolvedRequest resolved = resolve(Bundles.DIGITS, request().build());
    assertEquals(
        request()
            .setModel("m")
            .setNumSamples(1)
            .setSeed(77)
            .setSampler("ddim")
            .setSteps(50)
            .setSpacing(TimestepSpacing.TIMESTEP_SPACING_TRAILING)
            .setEta(0)
            .setClip(true)
            .setClipRange(1)
            .setRederiveEpsilon(true)
            .setByStride(false)
            .setFinalLevel(FinalLevel.FINAL_LEVEL_CLEAN)
            .setMaxMessageBytes(4 << 20)
            .setEncoding(Encoding.ENCODING_FLOAT32)
            .setFirstIndex(0)
            .build(),
        resolved.request());
    assertEquals(List.of(3), resolved.chain().labels(), "the null label");
    assertEquals(ClipRange.UNIT, resolved.chain().plan().clipping());
    assertEquals(999, resolved.chain().plan().timesteps()[0]);
  }

  @Test
  void ofVeryMuchThatIsWrongTheFirstIsNamed() {
    SampleRequest request = request().addAllLabels(Collections.nCopies(1000, 9)).setEta(2).build();
    InvalidRequestException e =
        assertThrows(InvalidRequestException.class, () -> resolve(Bundles.DIGITS, request));
    assertEquals(10, e.violations().size());
    assertEquals("labels[0]", e.violations().get(0).field());
  }

  @Test
  void guidanceLeansAwayFromTheNullLabel() {
    ResolvedRequest resolved =
        resolve(
            Bundles.DIGITS,
            request().addLabels(1).setGuidanceWeight(2).setGuidanceRescale(0.7).build());
    assertEquals(new Guidance(2, 0.7, 3), resolved.chain().guidance());
    assertEquals(resolved.request(), resolve(Bundles.DIGITS, resolved.request()).request());
  }

  @Test
  void recommendedGuidanceIsForLabelledRequests_thatDoNotSay() {
    Bundle bundle =
        Bundles.bundle(
            Bundles.DIGITS.data(),
            Bundles.DIGITS.conditioning(),
            new Recommended("ddim", 20, Map.of(), 2, 0.7));
    ResolvedRequest silent = resolve(bundle, request().addLabels(1).build());
    assertEquals(new Guidance(2, 0.7, 3), silent.chain().guidance());
    assertEquals(2, silent.request().getGuidanceWeight());
    assertEquals(0.7, silent.request().getGuidanceRescale());
    assertEquals(silent.request(), resolve(bundle, silent.request()).request());
    assertEquals(
        new Guidance(3, 0.7, 3),
        resolve(bundle, request().addLabels(1).setGuidanceWeight(3).build()).chain().guidance());
    assertEquals(
        new Guidance(2, 0, 3),
        resolve(bundle, request().addLabels(1).setGuidanceRescale(0).build()).chain().guidance());
    assertEquals(
        null,
        resolve(bundle, request().addLabels(1).setGuidanceWeight(1).build()).chain().guidance());
    ResolvedRequest unlabelled = resolve(bundle, request().build());
    assertEquals(null, unlabelled.chain().guidance());
    assertFalse(unlabelled.request().hasGuidanceWeight());
  }

  @Test
  void nothingIsGuidedUnlessAskedFor_andAWeightOfOneIsNoGuidance() {
    ResolvedRequest labelled = resolve(Bundles.DIGITS, request().addLabels(1).build());
    assertEquals(null, labelled.chain().guidance());
    assertEquals(1, labelled.request().getGuidanceWeight());
    ResolvedRequest one = resolve(Bundles.UNCONDITIONAL, request().setGuidanceWeight(1).build());
    assertEquals(null, one.chain().guidance());
  }

  @Test
  void aResolvedRequestResolvesToItself() {
    SampleRequest full =
        request()
            .setNumSamples(3)
            .setSampler("ddpm")
            .setSteps(7)
            .addLabels(2)
            .setFrames(frames().setCount(3))
            .build();
    SampleRequest once = resolve(Bundles.DIGITS, full).request();
    assertEquals(once, resolve(Bundles.DIGITS, once).request());
    assertEquals(Frames.Content.CONTENT_XT, once.getFrames().getContent());
  }

  @Test
  void namesAreFoundWhateverTheirCase_andComeBackAsTheyAre() {
    SampleRequest resolved =
        resolve(
                Bundles.DIGITS,
                request().setSampler("DPMpp-2M").addLabelNames("TWO").addLabelNames("0").build())
            .request();
    assertEquals("dpmpp-2m", resolved.getSampler());
    assertEquals(List.of(2, 0), resolved.getLabelsList());
    assertEquals(0, resolved.getLabelNamesCount());
  }

  @Test
  void framesWithoutANumberAreEveryStep() {
    ResolvedRequest resolved =
        resolve(Bundles.DIGITS, request().setSteps(5).setFrames(frames()).build());
    assertEquals(6, resolved.chain().frames().size());
    assertEquals(1, resolved.request().getFrames().getEvery());
  }

  @Test
  void framesOfNamedStepsAreThoseAlone() {
    ResolvedRequest resolved =
        resolve(
            Bundles.DIGITS,
            request().setSteps(5).setFrames(frames().addSteps(0).addSteps(4)).build());
    assertEquals(
        List.of(0, 4),
        IntStream.rangeClosed(0, 5).filter(resolved.chain().frames()::includes).boxed().toList());
    assertFalse(resolved.request().getFrames().hasEvery());
  }

  @Test
  void givenNoiseIsReadSampleBySample() {
    Tensor given = noise(List.of(2L, 2L), 1, 2, 3, 4);
    ResolvedRequest resolved =
        resolve(Bundles.POINTS, request().setNumSamples(2).setInitialNoise(given).build());
    float[] out = new float[2];
    Objects.requireNonNull(resolved.chain().initialNoise()).fill(1, out);
    assertEquals("[3.0, 4.0]", Arrays.toString(out));
  }
}
