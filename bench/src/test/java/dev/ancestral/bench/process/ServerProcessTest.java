package dev.ancestral.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.cli.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class ServerProcessTest {
  private final Path directory;
  private final Path log;

  ServerProcessTest(@TempDir Path directory) {
    this.directory = directory;
    this.log = directory.resolve("server.log");
  }

  /** A launcher that runs these lines of shell instead. */
  private Launcher launcher(String script) throws IOException {
    Path file = directory.resolve("launcher");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertTrue(file.toFile().setExecutable(true));
    return new Launcher(file);
  }

  private ServerProcess start(String script) throws IOException, InterruptedException {
    Variant variant = new Variant("other", List.of("--other=flag"));
    return ServerProcess.start(launcher(script), directory, variant, "cpu", log);
  }

  @Test
  void itIsReadyWhenItSaysSo_andSaysWhere() throws Exception {
    try (ServerProcess server =
        start("echo starting \"$@\"; echo READY grpc=127.0.0.1:123 metrics=127.0.0.1:9; cat")) {
      assertEquals("127.0.0.1:123", server.target());
      assertEquals(new ServerMetrics("127.0.0.1:9"), server.metrics());
      String printed = Files.readString(log);
      assertTrue(printed.contains("serve --models " + directory), printed);
      assertTrue(printed.contains("--port 0"), printed);
      assertTrue(printed.contains("--other=flag"), printed);
    }
  }

  @Test
  void closingEndsItsProcess() throws Exception {
    long pid;
    try (ServerProcess server =
        start(
            "echo $$ > "
                + directory.resolve("pid")
                + "; echo READY grpc=h:1 metrics=h:2; exec cat")) {
      assertEquals("h:1", server.target());
      pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
      assertTrue(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }
    assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
  }

  @Test
  void oneThatEndsBeforeItIsReadyIsAnErrorThatNamesTheLog() {
    UserError e = assertThrows(UserError.class, () -> start("echo no model >&2; exit 1"));
    assertEquals("serve --other=flag: not ready; see " + log, e.getMessage());
  }

  @Test
  void aCommandThatFailsIsAnErrorThatNamesItAndTheLog() throws Exception {
    Launcher failing = launcher("echo why; exit 3");
    UserError e =
        assertThrows(
            UserError.class,
            () -> failing.run(log, Duration.ofSeconds(30), List.of("train", "--data", "x")));
    assertEquals("train: failed with 3; see " + log, e.getMessage());
    assertEquals("why\n", Files.readString(log));
  }

  @Test
  void aDialogueAnswersLineByLine_andItsEndIsAnError() throws Exception {
    Duration patience = Duration.ofSeconds(30);
    try (Dialogue echo = new Dialogue(new ProcessBuilder("cat"))) {
      assertEquals("one", echo.ask("one", patience));
      assertEquals("two", echo.ask("two", patience));
    }
    try (Dialogue over = new Dialogue(new ProcessBuilder("true"))) {
      assertThrows(IOException.class, () -> over.next(patience));
    }
  }
}
