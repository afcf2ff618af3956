package dev.ancestral.bench.process;

import dev.ancestral.cli.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server on a free port of the loopback interface, once it is ready. */
public final class ServerProcess implements AutoCloseable {
  private static final String READY = "READY grpc=";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Child child;
  private final String target;
  private final String metricsTarget;
  private final Duration startUp;

  private ServerProcess(Child child, String ready, Duration startUp) {
    this.child = child;
    this.target = listener(ready, "grpc");
    this.metricsTarget = listener(ready, "metrics");
    this.startUp = startUp;
  }

  /** HOST:PORT of a listener in the line that says that the server is ready. */
  private static String listener(String ready, String name) {
    String begin = name + "=";
    return Arrays.stream(ready.split(" "))
        .filter(word -> word.startsWith(begin))
        .map(word -> word.substring(begin.length()))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError("serve: '%s' (expected: with %sHOST:PORT)".formatted(ready, begin)));
  }

  /**
   * Starts a server and waits until it is ready.
   *
   * @param bundle the bundle's directory, or one of bundles
   * @param device as {@code serve} takes it
   * @param log receives what it prints
   * @throws UserError if it ends before, or takes too long
   */
  public static ServerProcess start(
      Launcher launcher, Path bundle, Variant variant, String device, Path log)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "serve",
                "--models",
                bundle.toString(),
                "--port",
                "0",
                "--metrics-port",
                "0",
                "--device",
                device));
    arguments.addAll(variant.flags());
    long begin = System.nanoTime();
    Child child = Child.start(launcher.builder(arguments));
    CompletableFuture<String> ready = new CompletableFuture<>();
    Thread reader = new Thread(() -> copy(child.process(), log, ready), "server-output");
    reader.setDaemon(true);
    reader.start();
    try {
      String line = ready.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return new ServerProcess(child, line, Duration.ofNanos(System.nanoTime() - begin));
    } catch (UserError e) {
      child.close();
      throw e;
    } catch (ExecutionException | TimeoutException e) {
      child.close();
      throw new UserError(
          "serve %s: not ready; see %s".formatted(String.join(" ", variant.flags()), log), e);
    } catch (InterruptedException e) {
      child.close();
      throw e;
    }
  }

  /** Reads to the end, so that the server never waits for room in the pipe. */
  private static void copy(Process process, Path log, CompletableFuture<String> ready) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        PrintWriter copy =
            new PrintWriter(Files.newBufferedWriter(log, StandardCharsets.UTF_8), true)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        copy.println(line);
        if (line.startsWith(READY)) {
          ready.complete(line);
        }
      }
      ready.completeExceptionally(new IOException("the server ended before it was ready"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  /** Where it listens, HOST:PORT. */
  public String target() {
    return target;
  }

  /** Its counters. */
  public ServerMetrics metrics() {
    return new ServerMetrics(metricsTarget);
  }

  /** From the start of its process until it was ready. */
  public Duration startUp() {
    return startUp;
  }

  /** Asks it to drain and waits for its end. */
  @Override
  public void close() {
    child.close();
  }
}
