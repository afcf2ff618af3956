package dev.ancestral.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.cli.Cli;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
