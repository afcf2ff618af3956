package dev.ancestral.bench.process;

import dev.ancestral.cli.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The launcher script, which runs every command on the class path and in the environment that it
 * has for people.
 *
 * @param script the file
 */
public record Launcher(Path script) {
  private static final String PROPERTY = "ancestral.launcher";

  /**
   * The one that started this process.
   *
   * @throws IllegalStateException if none did
   */
  public static Launcher ofThisProcess() {
    String script = System.getProperty(PROPERTY);
    if (script == null) {
      throw new IllegalStateException(PROPERTY + ": not set (expected: run by ./ancestral bench)");
    }
    return new Launcher(Path.of(script));
  }

  /** A file of the benchmark's own that is not Java. */
  public Path resource(String path) {
    return script.resolveSibling("bench").resolve(path);
  }

  /**
   * Runs a command to its end.
   *
   * @param log receives what it prints
   * @throws UserError if it fails or takes longer than the cap
   */
  public void run(Path log, Duration cap, List<String> arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = builder(arguments).redirectOutput(log.toFile());
    try (Child child = Child.start(builder)) {
      boolean ended = child.process().waitFor(cap.toSeconds(), TimeUnit.SECONDS);
      if (!ended || child.process().exitValue() != 0) {
        throw new UserError(
            "%s: %s; see %s"
                .formatted(
                    arguments.get(0),
                    ended
                        ? "failed with " + child.process().exitValue()
                        : "not done after " + cap.toSeconds() + " s",
                    log));
      }
    }
  }

  /** A process of a command, its errors among its output. */
  ProcessBuilder builder(List<String> arguments) {
    if (!Files.isExecutable(script)) {
      throw new UserError(script + ": cannot be run (expected: the launcher)");
    }
    List<String> command = new ArrayList<>();
    command.add(script.toString());
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectErrorStream(true);
  }
}
