package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.client.data.Npy;
import dev.ancestral.v1.Model;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleErrorsTest {
  private static final Model TOY = Scripts.model(1L, 2L, 3L);

  private static final List<String> PETS = List.of("cat", "dog", "1");

  private final Path directory;

  SampleErrorsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void aWrongFieldIsNamedWithItsExpectation() throws IOException {
    assertFails(
        Scripts.failing(Scripts.wrongField("steps", "0 (expected: 1..1000)")),
        "error: steps: 0 (expected: 1..1000)");
  }

  @Test
  void aFieldThatTheDescriptionNamesAlreadyIsNamedOnce() throws IOException {
    assertFails(
        Scripts.failing(Scripts.wrongField("steps", "steps: 0 (expected: 1..1000)")),
        "error: steps: 0 (expected: 1..1000)");
  }

  @Test
  void aServerThatIsOlderThanListsOfTimesteps_isToldByTheOnesThatItVisits() throws IOException {
    assertFails(
        Scripts.passingOverTimesteps(),
        "error: timesteps: %s visits others, 0 of them (expected: a server that knows the field, which is newer)",
        "--timesteps",
        "900,500.5,10");
  }

  @Test
  void aFullServerSaysWhenToTryAgain() throws IOException {
    assertFails(
        Scripts.failing(Scripts.full("queue: full", 250)),
        "error: %s: RESOURCE_EXHAUSTED: queue: full (try again in 0.3 s)");
  }

  @Test
  void aDeadlineThatTheServerCannotMeetIsSaidInItsWords() throws IOException {
    String words = "deadline: 1.00 s left (expected: at least 5.00 s, which it would take now)";
    assertFails(Scripts.failing(Scripts.deadlineTooShort(words)), "error: " + words);
  }

  @Test
  void aDeadlineThatPassesIsSaid() throws IOException {
    assertFails(
        (request, out) -> {},
        "error: %s: the deadline passed (expected: the answer before it)",
        "--deadline",
        "0.05");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "NaN"})
  void aDeadlineIsATimeToCome(String seconds) {
    CommandRun run = CommandRun.of("sample", "--out", directory.toString(), "--deadline", seconds);
    assertEquals(2, run.code());
    assertTrue(run.err().contains("--deadline: "), run.err());
  }

  @Test
  void aMissingModelIsNamed() throws IOException {
    assertFails(
        Scripts.sampling(TOY), "error: model 'tyo': not loaded (expected: toy)", "--model", "tyo");
  }

  @Test
  void aModelMustBeNamedWhereThereAreSeveral() {
    try (FakeServer server =
        FakeServer.start(
            List.of(TOY, TOY.toBuilder().setName("train").build()), Scripts.sampling(TOY))) {
      CommandRun run = sample(server);
      assertEquals(1, run.code());
      assertEquals("error: --model: not given (expected: one of [toy, train])", run.err());
    }
  }

  @Test
  void whatTheServerSaysOfAMissingModelIsPassedOn() throws IOException {
    String words = "model: unknown name 'tyo' (expected one of: toy; did you mean toy?)";
    assertFails(Scripts.failing(Scripts.notFound("tyo", words)), "error: " + words);
  }

  @Test
  void aDrainingServerIsNotMistakenForAMissingOne() throws IOException {
    assertFails(
        Scripts.failing(
            Status.UNAVAILABLE.withDescription("the server is draining").asRuntimeException()),
        "error: %s: UNAVAILABLE: the server is draining");
  }

  @Test
  void aSamplingThatBreaksOffLeavesNothing() throws IOException {
    assertFails(Scripts.breakingOff(TOY), "error: %s: INTERNAL: step 3: not finite");
  }

  @Test
  void aStreamThatEndsEarlyIsNoSuccess() throws IOException {
    assertFails(
        Scripts.endingEarly(),
        "error: %s: the stream ended early (expected: a summary as its last message)");
  }

  @Test
  void aServerThatIsNotThereIsOneClearLine() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String target = "127.0.0.1:" + port;
    CommandRun run = CommandRun.of("sample", "--target", target, "--out", out().toString());
    assertEquals(1, run.code());
    assertEquals(
        "error: %s: no server answers (Connection refused); is one running there? (expected: ancestral serve)"
            .formatted(target),
        run.err());
  }

  @Test
  void whatIsNotOfASamplingIsNeverReplaced() throws IOException {
    Files.createDirectories(out());
    Files.writeString(out().resolve("000.png"), "mine");
    assertRefusedBeforeSampling(
        out().toString(),
        "error: %s: is not of a sampling and would be lost (expected: a new or an empty directory)"
            .formatted(out().resolve("000.png")));
    Files.writeString(out().resolve("grid.png"), "a sampling's, as it seems");
    Files.writeString(out().resolve("mine.txt"), "mine");
    assertRefusedBeforeSampling(
        out().toString(),
        "error: %s: is not of a sampling and would be lost (expected: a new or an empty directory)"
            .formatted(out().resolve("mine.txt")));
    try (Stream<Path> files = Files.list(out())) {
      assertEquals(3, files.count());
    }
  }

  @Test
  void aFileThatAppearsDuringTheSamplingIsNotLost() throws IOException {
    Files.createDirectories(out());
    FakeServer.Script script =
        (request, responses) -> {
          try {
            Files.writeString(out().resolve("mine.txt"), "mine");
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          Scripts.sampling(TOY).play(request, responses);
        };
    try (FakeServer server = FakeServer.start(TOY, script)) {
      CommandRun run = sample(server);
      assertEquals(1, run.code());
      assertEquals(
          "error: %s: is not of a sampling and would be lost (expected: a new or an empty directory)"
              .formatted(out().resolve("mine.txt")),
          lastLine(run));
    }
    assertEquals(List.of("out", "out/mine.txt"), left());
  }

  @Test
  void aDirectoryThatCannotBeOneIsRefusedBeforeSampling() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "mine");
    assertRefusedBeforeSampling(
        file.toString(), "error: %s: is a file (expected: a directory)".formatted(file));
    Path below = file.resolve("out");
    assertRefusedBeforeSampling(
        below.toString(),
        "error: --out: %s: cannot be written: Not a directory (expected: a directory with room)"
            .formatted(below));
  }

  @Test
  void theRootAndTheWorkingDirectoryAreNotReplaced() {
    String working = Path.of("").toAbsolutePath().toString();
    for (String out : List.of("/", "", ".", working)) {
      try (FakeServer server = FakeServer.start(TOY, Scripts.sampling(TOY))) {
        CommandRun run = CommandRun.of("sample", "--target", server.target(), "--out", out);
        assertEquals(1, run.code());
        assertTrue(run.err().contains(" (expected: a "), run.err());
        assertTrue(server.requests.isEmpty());
      }
    }
  }

  private void assertRefusedBeforeSampling(String out, String line) {
    try (FakeServer server = FakeServer.start(TOY, Scripts.sampling(TOY))) {
      CommandRun run = CommandRun.of("sample", "--target", server.target(), "--out", out);
      assertEquals(1, run.code());
      assertEquals(line, run.err());
      assertTrue(server.requests.isEmpty(), "nothing is drawn that cannot be written");
    }
  }

  private static String lastLine(CommandRun run) {
    List<String> lines = run.err().lines().toList();
    return lines.get(lines.size() - 1);
  }

  /** What is below the test's directory. */
  private List<String> left() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths
          .filter(path -> !path.equals(directory))
          .map(path -> directory.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void aBillionSamplesAreTheServersToRefuse() throws IOException {
    assertFails(
        Scripts.failing(Scripts.wrongField("num_samples", "1000000000 (expected: 1..10000)")),
        "error: num_samples: 1000000000 (expected: 1..10000)",
        "-n",
        "1000000000");
  }

  @Test
  void aRequestOverTheServersLimitIsOneClearLine() throws IOException {
    Path file = directory.resolve("noise.npy");
    Npy.write(file, new FloatTensor(List.of(200_000L, 1L, 2L, 3L), new float[1_200_000]));
    try (FakeServer server = FakeServer.start(TOY, Scripts.sampling(TOY))) {
      CommandRun run = sample(server, "--initial-noise", file.toString());
      assertEquals(1, run.code());
      assertEquals(
          "error: %s: a message of 4800035 bytes is over the limit (expected: at most 4194304; fewer samples, or smaller initial noise)"
              .formatted(server.target()),
          run.err());
    }
    assertEquals(List.of("noise.npy"), left());
  }

  @Test
  void dataThatCannotBeDrawnIsRefusedBeforeItIsSampled() {
    Model latent = Scripts.model(4L, 2L, 2L);
    try (FakeServer server = FakeServer.start(latent, Scripts.sampling(latent))) {
      CommandRun run = sample(server);
      assertEquals(1, run.code());
      assertEquals(
          "error: model toy: data of shape [4, 2, 2] (expected: [1|3, height, width] or"
              + " [features])",
          run.err());
      assertTrue(server.requests.isEmpty());
    }
  }

  @Test
  void aMissingOrForeignNoiseFileIsNamed() throws IOException {
    Path file = directory.resolve("noise.npy");
    CommandRun missing = CommandRun.of("sample", "--initial-noise", file.toString(), "--out", "x");
    assertEquals(
        "error: --initial-noise: %s: cannot be read: not found (expected: a file that NumPy wrote)"
            .formatted(file),
        missing.err());
    CommandRun folder =
        CommandRun.of("sample", "--initial-noise", directory.toString(), "--out", "x");
    assertEquals(
        "error: --initial-noise: %s: cannot be read: Is a directory (expected: a file that NumPy wrote)"
            .formatted(directory),
        folder.err());
    Files.writeString(file, "not an array");
    CommandRun foreign = CommandRun.of("sample", "--initial-noise", file.toString(), "--out", "x");
    assertEquals("error: %s: is no .npy file".formatted(file), foreign.err());
    assertEquals(1, foreign.code());
  }

  @Test
  void noiseOfNoSampleIsNamed() throws IOException {
    Path file = directory.resolve("noise.npy");
    Npy.write(file, new FloatTensor(List.of(0L, 1L, 2L, 3L), new float[0]));
    assertFails(
        Scripts.sampling(TOY),
        "error: --initial-noise: %s: shape [0, 1, 2, 3] (expected: at least one sample)"
            .formatted(file),
        "--initial-noise",
        file.toString());
  }

  @Test
  void noiseOfAnotherCountThanAskedForIsTheServersToRefuse() throws IOException {
    Path file = directory.resolve("noise.npy");
    Npy.write(file, new FloatTensor(List.of(2L, 1L, 2L, 3L), new float[12]));
    assertFails(
        Scripts.failing(Scripts.wrongField("initial_noise.shape", "[2, 1, 2, 3]")),
        "error: initial_noise.shape: [2, 1, 2, 3]",
        "-n",
        "3",
        "--initial-noise",
        file.toString());
  }

  @Test
  void aLabelThatTheModelDoesNotKnowIsNamedBeforeAnythingIsDrawn() throws IOException {
    Model pets = TOY.toBuilder().setNumClasses(3).addAllClassNames(PETS).build();
    for (List<String> expected :
        List.of(
            List.of("cta", "unknown name 'cta' (expected one of: cat, dog, 1; did you mean cat?)"),
            List.of("3", "unknown name '3' (expected one of: cat, dog, 1; did you mean 1?)"),
            List.of(
                "1",
                "1 (expected: name:1, which has the index 2, or index:1, whose name is dog)"))) {
      try (FakeServer server = FakeServer.start(pets, Scripts.sampling(pets))) {
        CommandRun run = sample(server, "--label", expected.get(0));
        assertEquals(1, run.code());
        assertEquals("error: --label: " + expected.get(1), run.err());
        assertTrue(server.requests.isEmpty());
      }
    }
    assertFails(
        Scripts.sampling(TOY),
        "error: --label: cat (expected: none, model toy is unconditional)",
        "--label",
        "cat");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sample --out x --stepps 3",
        "sample --out x --first -1",
        "sample --out x -n 0",
        "sample --out x -n many",
        "sample --out x --frames 1",
        "sample --out x --columns 0",
        "sample --out x --seed 1.5",
        "sample --out x --spacing sideways",
        "sample",
        "smaple"
      })
  void wrongUsageIsExitCodeTwoAndTellsWhereHelpIs(String line) {
    CommandRun run = CommandRun.of(line.split(" ", -1));
    assertEquals(2, run.code());
    assertTrue(run.err().startsWith("error: "), run.err());
    assertTrue(run.err().contains("--help"), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
  }

  private void assertFails(FakeServer.Script script, String line, String... flags)
      throws IOException {
    List<String> before = left();
    try (FakeServer server = FakeServer.start(TOY, script)) {
      CommandRun run = sample(server, flags);
      assertEquals(1, run.code());
      assertEquals(line.formatted(server.target()), run.err());
      assertEquals("", run.out());
      assertEquals(before, left(), "nothing is written");
    }
  }

  private CommandRun sample(FakeServer server, String... flags) {
    return CommandRun.sample(server, out(), flags);
  }

  private Path out() {
    return directory.resolve("out");
  }
}
