package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import dev.ancestral.v1.Model;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.TimestepSpacing;
import dev.ancestral.v1.Variance;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class SampleCommandTest {
  private static final Model GRAY = Scripts.model(1L, 2L, 3L);
  private static final Model RGB = Scripts.model(3L, 2L, 2L);
  private static final Model POINTS = Scripts.model(2L);

  private final Path directory;

  SampleCommandTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void imagesBecomeNumberedPicturesASheetATableAndAnAnimation() throws IOException {
    Path out = directory.resolve("new/samples");
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      CommandRun run =
          sample(server, out, "-n", "5", "--label", "3", "--label", "8", "--frames", "4");
      assertEquals(0, run.code(), run.err());
      assertTrue(run.out().startsWith("5 samples of toy in 1.50 s: ddim, 10 steps"), run.out());
    }
    assertEquals(
        List.of(
            "000.png",
            "001.png",
            "002.png",
            "003.png",
            "004.png",
            "chain.gif",
            "grid.png",
            "labels.csv"),
        names(out));
    for (int i = 0; i < 5; i++) {
      assertArrayEquals(levels(i, 6), gray(out.resolve("00" + i + ".png")), "sample " + i);
    }
    // Three columns make five cells about square; 56 / 3 = 18 pixels a pixel, gaps of 2.
    BufferedImage grid = read(out.resolve("grid.png"));
    assertEquals(3 * (3 * 18 + 2) + 2, grid.getWidth());
    assertEquals(2 * (2 * 18 + 2) + 2, grid.getHeight());
    List<BufferedImage> frames = gif(out.resolve("chain.gif"));
    assertEquals(4, frames.size());
    for (int k = 0; k < 4; k++) {
      assertEquals(grid.getWidth(), frames.get(k).getWidth());
      assertEquals(10 * k, frames.get(k).getRGB(2, 2) & 0xFF, "frame " + k);
    }
    assertEquals(
        "file,label\n000.png,3\n001.png,8\n002.png,3\n003.png,8\n004.png,3\n",
        Files.readString(out.resolve("labels.csv")));
  }

  @Test
  void colourImagesKeepTheirChannels() throws IOException {
    try (FakeServer server = FakeServer.start(RGB, Scripts.sampling(RGB))) {
      assertEquals(0, sample(server, directory, "-n", "1").code());
    }
    int[] levels = levels(0, 12);
    BufferedImage image = read(directory.resolve("000.png"));
    for (int pixel = 0; pixel < 4; pixel++) {
      assertEquals(
          levels[pixel] << 16 | levels[4 + pixel] << 8 | levels[8 + pixel],
          image.getRGB(pixel % 2, pixel / 2) & 0xFFFFFF);
    }
  }

  @Test
  void columnsSetTheSheetsWidth() throws IOException {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      assertEquals(0, sample(server, directory, "-n", "6", "--columns", "6").code());
    }
    assertEquals(6 * (3 * 18 + 2) + 2, read(directory.resolve("grid.png")).getWidth());
  }

  @Test
  void anAnimationThatHasNoRoomForAllSaysHowManyItShows() throws IOException {
    // 56x56 pixels a cell and 1 Mpx a frame leave room for 334.
    Model digits = Scripts.model(1L, 8L, 8L);
    try (FakeServer server = FakeServer.start(digits, Scripts.sampling(digits))) {
      CommandRun run = sample(server, directory, "-n", "340", "--columns", "20", "--frames", "2");
      assertEquals(0, run.code(), run.err());
      assertTrue(run.out().strip().endsWith("\nchain.gif shows the first 334 of 340"), run.out());
    }
    assertEquals(20 * 58 + 2, gif(directory.resolve("chain.gif")).get(0).getWidth());
    assertEquals(17 * 58 + 2, read(directory.resolve("grid.png")).getHeight());
  }

  @Test
  void framesAtNamedStepsAreAnimatedInTheirOrder() throws IOException {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      assertEquals(0, sample(server, directory, "-n", "1", "--frames-at", "0,3,9").code());
    }
    assertEquals(
        List.of(0, 30, 90),
        gif(directory.resolve("chain.gif")).stream()
            .map(frame -> frame.getRGB(2, 2) & 0xFF)
            .toList());
  }

  @Test
  void rawFloatsArriveUnchanged() throws IOException {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      assertEquals(0, sample(server, directory, "-n", "2", "--npy").code());
    }
    FloatTensor raw = Npy.read(directory.resolve("samples.npy"));
    assertEquals(List.of(2L, 1L, 2L, 3L), raw.shape());
    float[] expected = new float[12];
    System.arraycopy(Scripts.values(0, 6), 0, expected, 0, 6);
    System.arraycopy(Scripts.values(1, 6), 0, expected, 6, 6);
    assertArrayEquals(expected, raw.values());
  }

  @Test
  void pointsBecomeATableAScatterAndItsAnimation() throws IOException {
    try (FakeServer server = FakeServer.start(POINTS, Scripts.sampling(POINTS))) {
      assertEquals(0, sample(server, directory, "-n", "3", "--label", "1", "--frames", "2").code());
      Frames frames = server.requests.remove().getFrames();
      assertEquals(Encoding.ENCODING_FLOAT32, frames.getEncoding());
    }
    assertEquals(List.of("chain.gif", "samples.csv", "scatter.png"), names(directory));
    StringBuilder table = new StringBuilder("x0,x1,label\n");
    for (int i = 0; i < 3; i++) {
      float[] point = Scripts.values(i, 2);
      table.append(point[0]).append(',').append(point[1]).append(",1\n");
    }
    assertEquals(table.toString(), Files.readString(directory.resolve("samples.csv")));
    assertEquals(2, gif(directory.resolve("chain.gif")).size());
    assertTrue(read(directory.resolve("scatter.png")).getWidth() > 100);
  }

  private static SampleRequest.Builder request() {
    return SampleRequest.newBuilder()
        .setModel("toy")
        .setNumSamples(16)
        .setEncoding(Encoding.ENCODING_FLOAT32);
  }

  static Stream<Arguments> flags() {
    return Stream.of(
        Arguments.of("--model toy -n 2", request().setNumSamples(2)),
        Arguments.of("--seed 18446744073709551615", request().setSeed(-1)),
        Arguments.of("--priority -3", request().setPriority(-3)),
        Arguments.of(
            "--label 4 --label 2 --guidance 2 --guidance-rescale 0.7",
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
      CommandRun run = sample(server, directory, flags.split(" "));
      assertEquals(0, run.code(), run.err());
      assertEquals(expected.build(), server.requests.remove());
    }
  }

  @Test
  void whatItTakesToDrawThemAgainIsSaid() {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      String out =
          sample(server, directory, "--label", "1", "--guidance", "2.5", "--seed", "7").out();
      assertTrue(out.contains("ddim, 10 steps, guidance 2.5, seed 7,"), out);
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
        List.of("initial_noise"),
        SampleRequest.getDescriptor().getFields().stream()
            .map(FieldDescriptor::getName)
            .filter(field -> !reached.contains(field))
            .toList(),
        "fields that the other tests reach");
  }

  @Test
  void aWordThatIsNoneIsWrongUsage_withTheKnownOnes() {
    CommandRun run =
        CommandRun.of("sample", "--out", directory.toString(), "--variance", "learnd_range");
    assertEquals(2, run.code());
    assertEquals(
        "error: Invalid value for option '--variance': unknown name 'learnd_range' (expected one of:"
            + " fixed_small, fixed_large, learned, learned_range; did you mean learned_range?)",
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

  @Test
  void whatIsNotAskedForIsLeftToTheServer() {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      assertEquals(0, sample(server, directory).code());
      assertEquals(
          SampleRequest.newBuilder()
              .setModel("toy")
              .setNumSamples(16)
              .setEncoding(Encoding.ENCODING_FLOAT32)
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
          0, sample(server, directory.resolve("out"), "--initial-noise", file.toString()).code());
      SampleRequest request = server.requests.remove();
      assertEquals(3, request.getNumSamples());
      assertEquals(noise.toMessage(), request.getInitialNoise());
    }
  }

  @Test
  void anEarlierSamplingIsReplacedAsAWhole() throws IOException {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      assertEquals(0, sample(server, directory, "-n", "4", "--npy", "--frames", "2").code());
      Files.writeString(directory.resolve("001.png"), "old");
      assertEquals(0, sample(server, directory, "-n", "2").code());
    }
    assertEquals(List.of("000.png", "001.png", "grid.png"), names(directory));
    assertArrayEquals(levels(1, 6), gray(directory.resolve("001.png")));
  }

  @Test
  void samplesAreWrittenAsTheyCome_outOfSightUntilAllAreThere() throws IOException {
    Path out = directory.resolve("out");
    List<String> seen = new ArrayList<>();
    FakeServer.Script script =
        (request, responses) -> {
          responses.onNext(Scripts.accepted(request));
          for (int i = 0; i < 3; i++) {
            responses.onNext(Scripts.sample(request, GRAY, i));
            awaitFile(directory, "00" + i + ".png");
            seen.add(Files.exists(out) ? "visible" : "hidden");
          }
          responses.onNext(Scripts.summary(3));
          responses.onCompleted();
        };
    try (FakeServer server = FakeServer.start(GRAY, script)) {
      assertEquals(0, sample(server, out, "-n", "3").code());
    }
    assertEquals(List.of("hidden", "hidden", "hidden"), seen);
    assertEquals(List.of("out"), names(directory));
    assertEquals(List.of("000.png", "001.png", "002.png", "grid.png"), names(out));
  }

  /** Waits until a file of this name is somewhere below a directory. */
  private static void awaitFile(Path directory, String name) {
    boolean there = false;
    while (!there) {
      try (Stream<Path> files = Files.walk(directory)) {
        there = files.anyMatch(file -> file.getFileName().toString().equals(name));
      } catch (IOException | UncheckedIOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static CommandRun sample(FakeServer server, Path out, String... flags) {
    return CommandRun.of(
        Stream.concat(
                Stream.of("sample", "--target", server.target(), "--out", out.toString()),
                Stream.of(flags))
            .toArray(String[]::new));
  }

  private static int[] levels(int sample, int elements) {
    float[] values = Scripts.values(sample, elements);
    int[] levels = new int[elements];
    for (int j = 0; j < elements; j++) {
      levels[j] = (int) Math.round((values[j] + 1.0) / 2 * 255);
    }
    return levels;
  }

  private static int[] gray(Path file) throws IOException {
    BufferedImage image = read(file);
    assertEquals(BufferedImage.TYPE_BYTE_GRAY, image.getType());
    return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
  }

  private static BufferedImage read(Path file) throws IOException {
    return ImageIO.read(file.toFile());
  }

  private static List<BufferedImage> gif(Path file) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(in);
      BufferedImage[] frames = new BufferedImage[reader.getNumImages(true)];
      for (int i = 0; i < frames.length; i++) {
        frames[i] = reader.read(i);
      }
      return List.of(frames);
    } finally {
      reader.dispose();
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
