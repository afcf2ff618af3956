package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.client.data.Npy;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.FastDpmApproximation;
import dev.ancestral.v1.FastDpmGrowth;
import dev.ancestral.v1.FinalLevel;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.InitialScale;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SolverType;
import dev.ancestral.v1.TimestepSpacing;
import dev.ancestral.v1.Variance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the flags of {@code sample} make of a request. */
@Timeout(60)
class SampleFlagsTest {
  private static final Model GRAY = Scripts.model(1L, 2L, 3L).toBuilder().setNumClasses(10).build();

  private final Path directory;

  SampleFlagsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static SampleRequest.Builder request() {
    return SampleRequest.newBuilder()
        .setModel("toy")
        .setNumSamples(16)
        .setEncoding(Encoding.ENCODING_FLOAT32)
        .setMaxMessageBytes(64 << 20);
  }

  static Stream<Arguments> flags() {
    return Stream.of(
        Arguments.of("--model toy -n 2", request().setNumSamples(2)),
        Arguments.of("--seed 18446744073709551615", request().setSeed(-1)),
        Arguments.of("--first 57 -n 1", request().setFirstIndex(57).setNumSamples(1)),
        Arguments.of("--priority -3", request().setPriority(-3)),
        Arguments.of(
            "--label 4 --label index:2 --guidance 2 --guidance-rescale 0.7",
            request().addLabels(4).addLabels(2).setGuidanceWeight(2).setGuidanceRescale(0.7)),
        Arguments.of(
            "--sampler ddim --steps 7 --eta 0.5 --no-rederive-epsilon",
            request().setSampler("ddim").setSteps(7).setEta(0.5).setRederiveEpsilon(false)),
        Arguments.of(
            "--sampler ddpm --variance learned_range --spacing leading --no-clip",
            request()
                .setSampler("ddpm")
                .setVariance(Variance.VARIANCE_LEARNED_RANGE)
                .setSpacing(TimestepSpacing.TIMESTEP_SPACING_LEADING)
                .setClip(false)),
        Arguments.of(
            "--respacing 10,15,20 --clip --threshold-quantile 0.995",
            request().setRespacing("10,15,20").setClip(true).setThresholdQuantile(0.995)),
        Arguments.of(
            "--threshold-quantile 0.9 --threshold-max 1.5 --spacing leading --steps-offset 1",
            request()
                .setThresholdQuantile(0.9)
                .setThresholdMax(1.5)
                .setSpacing(TimestepSpacing.TIMESTEP_SPACING_LEADING)
                .setStepsOffset(1)),
        Arguments.of(
            "--sampler euler --clip-range 2 --no-round-timesteps --initial-scale sigma",
            request()
                .setSampler("euler")
                .setClipRange(2)
                .setRoundTimesteps(false)
                .setInitialScale(InitialScale.INITIAL_SCALE_SIGMA)),
        Arguments.of("--sampler ddim --by-stride", request().setSampler("ddim").setByStride(true)),
        Arguments.of(
            "--sampler dpmpp-2m --solver-order 1",
            request().setSampler("dpmpp-2m").setSolverOrder(1)),
        Arguments.of(
            "--sampler unipc --timesteps 999,845.5,730 --solver-order 3 --solver-type bh1",
            request()
                .setSampler("unipc")
                .addAllTimesteps(List.of(999.0, 845.5, 730.0))
                .setSolverOrder(3)
                .setSolverType(SolverType.SOLVER_TYPE_BH1)),
        Arguments.of(
            "--sampler dpmpp-2m --karras --no-lower-order-final --final-level first_timestep",
            request()
                .setSampler("dpmpp-2m")
                .setKarras(true)
                .setLowerOrderFinal(false)
                .setFinalLevel(FinalLevel.FINAL_LEVEL_FIRST_TIMESTEP)),
        Arguments.of(
            "--sampler fastdpm --approximation var --growth quadratic --kappa 0.5",
            request()
                .setSampler("fastdpm")
                .setApproximation(FastDpmApproximation.FAST_DPM_APPROXIMATION_VAR)
                .setGrowth(FastDpmGrowth.FAST_DPM_GROWTH_QUADRATIC)
                .setKappa(0.5)),
        Arguments.of(
            "--sampler langevin --step-size 1e-3 --decay 0.9 --temperature 0",
            request().setSampler("langevin").setStepSize(1e-3).setDecay(0.9).setTemperature(0)),
        Arguments.of(
            "--sampler fitted --steps 3 --fitted-table 0123456789abcdef",
            request().setSampler("fitted").setSteps(3).setFittedTable("0123456789abcdef")),
        Arguments.of(
            "--sampler DDPM --variance FIXED_Large --spacing Trailing",
            request()
                .setSampler("DDPM")
                .setVariance(Variance.VARIANCE_FIXED_LARGE)
                .setSpacing(TimestepSpacing.TIMESTEP_SPACING_TRAILING)),
        Arguments.of(
            "--steps 5 --sampler ddim --sampler ddim", request().setSteps(5).setSampler("ddim")),
        Arguments.of("--clip --steps 3 --no-clip", request().setSteps(3).setClip(false)),
        Arguments.of(
            "--guidance 2 --label 3 --guidance 3", request().addLabels(3).setGuidanceWeight(3)),
        Arguments.of("--frames 3", request().setFrames(frames().setCount(3))),
        Arguments.of(
            "--frames-at 0,2,9",
            request().setFrames(frames().addSteps(0).addSteps(2).addSteps(9))));
  }

  private static Frames.Builder frames() {
    return Frames.newBuilder()
        .setContent(Frames.Content.CONTENT_XT)
        .setEncoding(Encoding.ENCODING_UINT8)
        .setLossless(true);
  }

  @ParameterizedTest
  @MethodSource("flags")
  void everyFlagReachesTheRequest(String flags, SampleRequest.Builder expected) {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      CommandRun run = CommandRun.sample(server, directory, flags.split(" "));
      assertEquals(0, run.code(), run.err());
      assertEquals(expected.build(), server.requests.remove());
    }
  }

  @Test
  void everyFieldOfARequestHasAFlag() {
    Set<String> reached =
        flags()
            .map(arguments -> (SampleRequest.Builder) arguments.get()[1])
            .flatMap(request -> request.getAllFields().keySet().stream())
            .map(FieldDescriptor::getName)
            .collect(Collectors.toSet());
    assertEquals(
        List.of("initial_noise", "label_names"),
        SampleRequest.getDescriptor().getFields().stream()
            .map(FieldDescriptor::getName)
            .filter(field -> !reached.contains(field))
            .toList(),
        "fields that the other tests reach");
  }

  @Test
  void labelsAreFoundByTheirNames_whateverTheirCase() {
    Model pets =
        GRAY.toBuilder().setNumClasses(3).addAllClassNames(List.of("cat", "Dog", "1")).build();
    try (FakeServer server = FakeServer.start(pets, Scripts.sampling(pets))) {
      CommandRun run =
          CommandRun.sample(
              server, directory, "--label", "DOG", "--label", "name:1", "--label", "index:1",
              "--label", "0");
      assertEquals(0, run.code(), run.err());
      assertEquals(List.of(1, 2, 1, 0), server.requests.remove().getLabelsList());
    }
  }

  @Test
  void whatIsNotAskedForIsLeftToTheServer() {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      assertEquals(0, CommandRun.sample(server, directory).code());
      assertEquals(
          SampleRequest.newBuilder()
              .setModel("toy")
              .setNumSamples(16)
              .setEncoding(Encoding.ENCODING_FLOAT32)
              .setMaxMessageBytes(64 << 20)
              .build(),
          server.requests.remove());
    }
  }

  @Test
  void initialNoiseIsSentAndGivesTheCount() throws IOException {
    FloatTensor noise = new FloatTensor(List.of(3L, 1L, 2L, 3L), Scripts.values(0, 18));
    Path file = directory.resolve("noise.npy");
    Npy.write(file, noise);
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      assertEquals(
          0,
          CommandRun.sample(server, directory.resolve("out"), "--initial-noise", file.toString())
              .code());
      SampleRequest request = server.requests.remove();
      assertEquals(3, request.getNumSamples());
      assertEquals(noise.toMessage(), request.getInitialNoise());
    }
  }

  @Test
  void aWordThatIsNoneIsWrongUsage_withTheKnownOnes() {
    CommandRun run =
        CommandRun.of("sample", "--out", directory.toString(), "--variance", "learnd_range");
    assertEquals(2, run.code());
    assertEquals(
        "error: Invalid value for option '--variance': unknown name 'learnd_range' (expected one"
            + " of: fixed_small, fixed_large, learned, learned_range; did you mean learned_range?)",
        run.err().lines().findFirst().orElse(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "18446744073709551616", "1.5", "x"})
  void aSeedIs64BitsWithoutASign(String seed) {
    CommandRun run = CommandRun.of("sample", "--out", directory.toString(), "--seed", seed);
    assertEquals(2, run.code());
    assertEquals(
        "error: Invalid value for option '--seed': %s (expected: 0..18446744073709551615; leave it out for a random one)"
            .formatted(seed),
        run.err().lines().findFirst().orElse(""));
  }

  @Test
  void helpNamesEveryWordAndEveryDefault() {
    String help = CommandRun.of("sample", "--help").out().replaceAll("\\s+", " ");
    assertTrue(help.contains("[-n COUNT] [OPTION]... Draws"), help);
    assertTrue(help.contains("ddpm: variance of the noise: fixed_small, fixed_large,"), help);
    assertTrue(
        help.contains("The chain. The server refuses what its sampler does not take:"), help);
  }
}
