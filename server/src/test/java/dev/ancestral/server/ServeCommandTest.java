package dev.ancestral.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.server.onnx.TinyOnnx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong at the door of {@code serve}, in one line. */
@Timeout(60)
final class ServeCommandTest {
  private final Path models;

  ServeCommandTest(@TempDir Path models) {
    this.models = models;
  }

  /** Runs it to its end; returns what it wrote to standard error. */
  private static List<String> lines(int code, String... args) {
    PrintStream real = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      assertEquals(code, ServerMain.run(args), err::toString);
    } finally {
      System.setErr(real);
    }
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** The same, where it is one line, and where that is about the usage, the hint at help. */
  private static String run(int code, String... args) {
    List<String> lines = lines(code, args);
    List<String> help = List.of("see: ancestral serve --help");
    assertEquals(code == 2 ? help : List.of(), lines.subList(1, lines.size()));
    return lines.get(0);
  }

  private String serve(int code, String... flags) {
    return run(code, arguments(flags));
  }

  /** What it writes when no model can be served. */
  private List<String> serveForLines(String... flags) {
    return lines(1, arguments(flags));
  }

  private String[] arguments(String... flags) {
    String[] args = new String[flags.length + 3];
    args[0] = "serve";
    args[1] = "--models";
    args[2] = models.toString();
    System.arraycopy(flags, 0, args, 3, flags.length);
    return args;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --port            | -1          | port: -1 (expected: 0..65535)
          --port            | 65536       | port: 65536 (expected: 0..65535)
          --port            | ten         | Invalid value for option '--port': 'ten' is not an int
          --device          | gpu         | device: gpu (expected: auto, cpu, cuda, cuda:N, tensorrt or tensorrt:N)
          --max-batch       | 0           | max-batch: 0 (expected: 1..4096)
          --max-batch       | 1000000000  | max-batch: 1000000000 (expected: 1..4096)
          --queue           | 0           | queue: 0 (expected: at least 1)
          --threads         | 0           | threads: 0 (expected: 1..1024)
          --threads         | 100000      | threads: 100000 (expected: 1..1024)
          --reader-timeout  | 0           | reader-timeout: 0 (expected: 1..86400 seconds)
          --drain-timeout   | -1          | drain-timeout: -1 (expected: 0..86400 seconds)
          --drain-timeout   | 99999999999 | drain-timeout: 99999999999 (expected: 0..86400 seconds)
          """)
  void aFlagOutOfItsBoundsIsWrongUsage(String flag, String value, String line) {
    assertEquals("error: " + line, serve(2, flag, value));
  }

  @Test
  void aMistypedFlagIsWrongUsage_withTheNearestOne() {
    assertEquals(
        "error: unknown option '--reader-timout'; did you mean --reader-timeout?",
        serve(2, "--reader-timout", "5"));
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    Path nowhere = models.resolve("nowhere");
    assertEquals(
        "error: models: %s is no directory (expected: a directory of bundles, or a bundle)"
            .formatted(nowhere),
        run(1, "serve", "--models", nowhere.toString()));
  }

  @Test
  void noTextOfABundleMakesALineOfItsOwn() throws Exception {
    TinyOnnx.bundle(models.resolve("a\u001b[2J\nREADY"), Bundles.DIGITS);
    Path bundle = TinyOnnx.bundle(models.resolve("b"), Bundles.DIGITS);
    Files.delete(bundle.resolve("bundle.json"));
    Files.writeString(
        bundle.resolve("scheduler/scheduler_config.json"),
        "{\"num_train_timesteps\": 10, \"beta_schedule\": \"a\\nREADY grpc=evil\"}");
    List<String> lines = serveForLines("--device", "cpu");
    assertEquals(3, lines.size(), lines.toString());
    assertEquals(
        "error: model a\\u001b[2J\\nREADY: has a name that cannot be printed as it is (expected: no control characters)",
        lines.get(0));
    assertTrue(lines.get(1).startsWith("error: model b: "), lines.get(1));
    assertTrue(lines.get(1).contains("a\\nREADY grpc=evil"), lines.get(1));
    assertTrue(lines.get(2).startsWith("error: models: none below "), lines.get(2));
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    TinyOnnx.bundle(models.resolve("digits"), Bundles.DIGITS);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      assertEquals(
          "error: port: cannot listen on 127.0.0.1:%s: Address already in use (expected: an address of this machine and a free port; --port 0 takes one)"
              .formatted(port),
          serve(1, "--device", "cpu", "--port", port));
    }
  }

  @Test
  void aBatchWhoseNumbersNoBufferHoldsIsNamed() {
    TinyOnnx.bundle(models.resolve("large"), Bundles.LARGE);
    String problem =
        "model large: max-batch: 4096 (expected: at most 682, for samples of shape [3, 512, 512])";
    assertEquals(
        List.of(
            "error: " + problem,
            "error: models: none below %s can be served, the first since: %s"
                .formatted(models, problem)),
        serveForLines("--device", "cpu", "--max-batch", "4096"));
  }
}
