package dev.ancestral.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies in the middle of a write cannot clean up; the old content must survive. */
@Timeout(60)
class KilledWriterTest {
  @Test
  void aKilledWriterLeavesTheOldContent_andHalfOfTheNewUntilSwept(@TempDir Path directory)
      throws IOException, InterruptedException {
    Path file = directory.resolve("weights");
    Files.writeString(file, "old");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HalfWriter.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals('!', process.getInputStream().read(), "half of it is on disk");
    } finally {
      process.destroyForcibly();
    }
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals("old", Files.readString(file));
    Path half = directory.resolve(".weights." + process.pid() + ".tmp");
    Path ofThisProcess = directory.resolve(".other." + ProcessHandle.current().pid() + ".tmp");
    Files.writeString(ofThisProcess, "being written");
    assertTrue(Files.exists(half), "half of it stays behind");
    AtomicFile.sweep(directory);
    assertFalse(Files.exists(half), "until somebody sweeps");
    assertTrue(Files.exists(ofThisProcess), "who leaves alone what is being written");
    assertEquals("old", Files.readString(file));
    AtomicFile.sweep(directory.resolve("none"));
  }

  /** Writes half, says so, and waits to be killed. */
  static final class HalfWriter {
    private HalfWriter() {}

    public static void main(String[] args) throws IOException {
      AtomicFile.write(
          Path.of(args[0]),
          out -> {
            out.write("half".getBytes(StandardCharsets.UTF_8));
            out.flush();
            System.out.write('!');
            System.out.flush();
            // Nobody writes to this process, so that this waits for its end.
            if (System.in.read() < 0) {
              throw new IOException("the test went away");
            }
          });
    }
  }
}
