package dev.ancestral.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.HostileOnnx;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.onnx.TinyOnnx;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever one model is like, it is named, and the one beside it is served. */
@Timeout(60)
final class HostileModelsTest {
  private static final OnnxRuntime RUNTIME = new OnnxRuntime(Device.cpu("a test"), 2);

  private final Path models;

  HostileModelsTest(@TempDir Path models) {
    this.models = models;
  }

  @BeforeEach
  void aGoodOne() {
    TinyOnnx.bundle(models.resolve("good"), Bundles.UNCONDITIONAL);
  }

  private String problem(Duration limit) throws Exception {
    List<String> told = new ArrayList<>();
    try (ModelRepository repository =
        ModelRepository.load(models, RUNTIME, EngineLimits.DEFAULTS, limit, told::add)) {
      assertEquals(Set.of("good"), repository.names());
      assertEquals(told, repository.problems());
      assertEquals(1, told.size(), told.toString());
      return told.get(0);
    }
  }

  private String problem() throws Exception {
    return problem(Duration.ofSeconds(40));
  }

  private String problem(ModelProto model) throws Exception {
    HostileOnnx.bundle(models.resolve("bad"), Bundles.UNCONDITIONAL, model);
    return problem();
  }

  @Test
  void aFirstCallThatFailsIsNamed() throws Exception {
    String problem = problem(HostileOnnx.terabyte());
    assertTrue(problem.startsWith("model bad: ONNX Runtime: "), problem);
  }

  @Test
  void channelsBehindFreeDimensionsAreNamed() throws Exception {
    String problem = problem(HostileOnnx.hiddenChannels());
    assertTrue(problem.startsWith("model bad: ONNX Runtime: "), problem);
  }

  @Test
  void aFirstCallThatDoesNotComeBackIsGivenUp_andAborted() throws Exception {
    HostileOnnx.bundle(models.resolve("bad"), Bundles.UNCONDITIONAL, HostileOnnx.endless());
    assertEquals(
        "model bad: was not loaded, run and measured within 5 s, and was given up (expected: sooner; --load-timeout gives more)",
        problem(Duration.ofSeconds(5)));
    assertEquals(
        List.of(),
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.equals("engine-bad"))
            .toList(),
        "the call was aborted, and its thread is gone");
  }

  @Test
  void functionsThatComeToMillionsOfNodesAreRefusedUnopened() throws Exception {
    assertEquals(
        "model bad: model.onnx: nodes: more than 1000000 once its functions are expanded (expected: at most that)",
        problem(HostileOnnx.nested(24)));
  }

  @Test
  void functionsThatCallEachOtherTooDeepAreRefusedUnopened() throws Exception {
    assertTrue(problem(HostileOnnx.nested(100)).contains("functions: "));
  }

  @Test
  void graphsWithinGraphsAreRefusedUnopened() throws Exception {
    assertEquals(
        "model bad: model.onnx: graphs: nested more than 32 deep (expected: at most that)",
        problem(HostileOnnx.deep(40)));
  }

  @Test
  void aConfigurationOfAGigabyteIsNotRead() throws Exception {
    Path bad = foreign("{}");
    try (RandomAccessFile file =
        new RandomAccessFile(bad.resolve("scheduler/scheduler_config.json").toFile(), "rw")) {
      file.setLength(1L << 30);
    }
    assertEquals(
        "model bad: scheduler/scheduler_config.json: 1073741824 bytes (expected: at most 16777216)",
        problem());
  }

  @Test
  void aConfigurationThatIsNoTextIsNamed() throws Exception {
    Path bad = foreign("{}");
    Files.write(bad.resolve("scheduler/scheduler_config.json"), new byte[] {(byte) 0xff, 0x20});
    assertEquals(
        "model bad: scheduler/scheduler_config.json: is not UTF-8 text (expected: JSON)",
        problem());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"_class_name": "DDPMScheduler", "num_train_timesteps": 2147483647} | (expected: 1..100000)
          {"_class_name": "DDPMScheduler", "num_train_timesteps": 1000000000} | (expected: 1..100000)
          {"_class_name": "DDPMScheduler", "num_train_timesteps": 1, "trained_betas": [1e-300]} | betas[0]: 1.0E-300 (expected: enough to add noise
          """)
  void aScheduleThatCannotBeIsNamed(String scheduler, String expected) throws Exception {
    foreign(scheduler);
    String problem = problem();
    assertTrue(problem.startsWith("model bad: scheduler/scheduler_config.json: "), problem);
    assertTrue(problem.contains(expected), problem);
  }

  @Test
  void modelsThatLieTooDeepAreMentioned() throws Exception {
    TinyOnnx.bundle(models.resolve("team/digits"), Bundles.DIGITS);
    assertEquals(
        "models: team/digits lies too deep and is not served (expected: bundles and .onnx files directly in --models, as with --models %s)"
            .formatted(models.resolve("team")),
        problem());
  }

  @Test
  void theLayoutOfAnotherServerIsMentioned() throws Exception {
    Path version = Files.createDirectories(models.resolve("digits/1"));
    Files.write(version.resolve("model.onnx"), HostileOnnx.hiddenChannels().toByteArray());
    assertTrue(problem().startsWith("models: digits/1/model.onnx lies too deep "));
  }

  /** A directory as somebody else's tools write it. */
  private Path foreign(String scheduler) throws Exception {
    Path bad = TinyOnnx.bundle(models.resolve("bad"), Bundles.UNCONDITIONAL);
    Files.delete(bad.resolve("bundle.json"));
    Files.writeString(
        bad.resolve("unet/config.json"),
        "{\"_class_name\": \"UNet2DModel\", \"sample_size\": 8, \"in_channels\": 1, \"out_channels\": 1}");
    Files.writeString(
        bad.resolve("scheduler/scheduler_config.json"), scheduler, StandardCharsets.UTF_8);
    return bad;
  }
}
