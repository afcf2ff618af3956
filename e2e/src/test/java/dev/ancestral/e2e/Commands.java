package dev.ancestral.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts the product's commands as the launcher does; each writes its output below a directory. */
final class Commands {
  static final Path ROOT = Path.of(System.getProperty("ancestral.root")).normalize();
  private static final String VERSION = System.getProperty("ancestral.version");
  private static final long LIMIT_SECONDS = 240;
  private static final String READY = "READY grpc=";

  private final Path directory;
  private int started;

  Commands(Path directory) {
    this.directory = directory;
  }

  /** A module with the class that is its command line. */
  enum Module {
    TRAINER("dev.ancestral.trainer.TrainerMain"),
    EXPORTER("dev.ancestral.exporter.ExporterMain"),
    SERVER("dev.ancestral.server.ServerMain"),
    CLIENT("dev.ancestral.client.ClientMain");

    private final String main;

    Module(String main) {
      this.main = main;
    }

    private String classPath() throws IOException {
      String name = name().toLowerCase(Locale.ROOT);
      Path target = ROOT.resolve(name).resolve("target");
      List<String> path = new ArrayList<>();
      path.add(target.resolve("ancestral-%s-%s.jar".formatted(name, VERSION)).toString());
      for (String jar : Files.readString(target.resolve("classpath")).strip().split(":", -1)) {
        path.add(ROOT.resolve("target").resolve(jar).toString());
      }
      return String.join(File.pathSeparator, path);
    }
  }

  /** Runs a command to its end, which must be a success; returns what it printed. */
  String succeed(Module module, Object... arguments) throws IOException, InterruptedException {
    Path log = log();
    Process process = start(module, log, arguments);
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String printed = Files.readString(log);
    assertEquals(0, ended ? process.exitValue() : -1, printed);
    return printed;
  }

  /** A server of this directory on a free port, once it is ready. */
  Server serve(Path models) throws IOException {
    Process process =
        start(
            Module.SERVER,
            null,
            "serve",
            "--models",
            models,
            "--port",
            0,
            "--device",
            "cpu",
            "--threads",
            1);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder printed = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY)) {
        return new Server(process, line.substring(READY.length()));
      }
      printed.append(line).append(System.lineSeparator());
    }
    process.destroyForcibly();
    throw new AssertionError("the server ended before it was ready: " + printed);
  }

  /**
   * A running server.
   *
   * @param target where it listens, HOST:PORT
   */
  record Server(Process process, String target) implements AutoCloseable {
    /** Asks it to drain, as {@code kill} does; returns its exit code. */
    int terminate() throws InterruptedException {
      process.toHandle().destroy();
      return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private Path log() {
    return directory.resolve("command-" + started++ + ".log");
  }

  private static Process start(Module module, @Nullable Path log, Object... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dai.djl.offline=true",
                "-Djava.awt.headless=true",
                module.main));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("CLASSPATH", module.classPath());
    builder
        .environment()
        .put("ENGINE_CACHE_DIR", ROOT.resolve("target").resolve("natives").toString());
    if (log != null) {
      builder.redirectOutput(log.toFile());
    }
    return builder.start();
  }
}
