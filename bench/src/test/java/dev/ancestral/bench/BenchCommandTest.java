package dev.ancestral.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.cli.Cli;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
  @TempDir private Path directory;

  @Test
  void anUnknownScenarioIsWrongUsage() {
    assertEquals(
        Cli.USAGE, BenchMain.run("bench", "--scenario", "other", "--out", directory.toString()));
  }

  @Test
  void whatIsNoBundleIsNotServed() {
    assertEquals(
        Cli.FAILED,
        BenchMain.run("bench", "--bundle", directory.toString(), "--out", directory.toString()));
  }

  @Test
  void aBundleAndANetworkTogetherAreWrongUsage() {
    assertEquals(
        Cli.USAGE,
        BenchMain.run(
            "bench", "--bundle", "x", "--network", "unet-8", "--out", directory.toString()));
  }

  @Test
  void anUnknownNetworkIsWrongUsage() {
    assertEquals(
        Cli.USAGE, BenchMain.run("bench", "--network", "other", "--out", directory.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "tensorrt", "gpu"})
  void aDeviceThatNotAllOfThemHaveIsRefused(String device) {
    assertEquals(
        Cli.FAILED, BenchMain.run("bench", "--device", device, "--out", directory.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "NaN", "1000"})
  void aMixedLoadOfNoLengthIsWrongUsage(String minutes) {
    assertEquals(
        Cli.USAGE,
        BenchMain.run("bench", "--mixed-minutes", minutes, "--out", directory.toString()));
  }
}
