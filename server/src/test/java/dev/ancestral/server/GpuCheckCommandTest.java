package dev.ancestral.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.ancestral.server.onnx.CudaProbe;
import dev.ancestral.server.onnx.TinyOnnx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code gpu-check}, on the CPU against itself. */
@Timeout(120)
final class GpuCheckCommandTest {
  private final Path models;
  private final Path out;

  GpuCheckCommandTest(@TempDir Path directory) {
    this.models = directory.resolve("models");
    this.out = directory.resolve("report");
  }

  /** Runs it; returns what it wrote to standard error. */
  private String check(int code, String... flags) {
    String[] args = new String[flags.length + 5];
    System.arraycopy(
        new String[] {"gpu-check", "--models", models.toString(), "--out", out.toString()},
        0,
        args,
        0,
        5);
    System.arraycopy(flags, 0, args, 5, flags.length);
    PrintStream real = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      assertEquals(code, ServerMain.run(args), err::toString);
    } finally {
      System.setErr(real);
    }
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theCpuEqualsItself_andTheReportSaysHowFastItIs() throws Exception {
    TinyOnnx.bundle(models.resolve("digits"), Bundles.DIGITS);
    TinyOnnx.bundle(models.resolve("points"), Bundles.POINTS);
    TinyOnnx.bundle(models.resolve("score"), Bundles.SCORE);
    check(0, "--device", "cpu", "--threads", "2", "--no-spinning");
    JsonObject report =
        JsonParser.parseString(Files.readString(out.resolve("report.json"))).getAsJsonObject();
    assertEquals(3, report.getAsJsonArray("models").size());
    JsonObject digits = report.getAsJsonArray("models").get(0).getAsJsonObject();
    assertEquals("verified", digits.get("batch_invariance").getAsString());
    assertFalse(digits.getAsJsonArray("comparisons").isEmpty());
    assertFalse(digits.getAsJsonArray("curve").isEmpty());
    assertFalse(digits.getAsJsonArray("chains").isEmpty());
    String text = Files.readString(out.resolve("report.md"));
    assertTrue(text.contains(", 2 threads that do not spin, "), text);
    assertTrue(text.contains("## points"), text);
    assertTrue(text.contains("| passed |"), text);
    assertFalse(text.contains("FAILED"), text);
  }

  @Test
  void withoutADeviceItSaysSoInOneLine_andWritesNothing() {
    Assumptions.assumeTrue(CudaProbe.ofThisMachine().obstacle().isPresent());
    TinyOnnx.bundle(models.resolve("points"), Bundles.POINTS);
    String line = check(1);
    assertTrue(line.startsWith("error: device: cuda:0 cannot be used: "), line);
    assertEquals(1, line.lines().count());
    assertFalse(Files.exists(out));
  }

  @Test
  void aFlagOutOfItsBoundsIsWrongUsage() {
    assertTrue(check(2, "--device", "auto").startsWith("error: device: auto (expected: cuda, "));
    assertTrue(
        check(2, "--device", "cpu", "--max-batch", "3")
            .startsWith("error: max-batch: 3 (expected: 4..4096)"));
    assertTrue(
        check(2, "--device", "cpu", "--threads", "0")
            .startsWith("error: threads: 0 (expected: 1..1024)"));
  }
}
