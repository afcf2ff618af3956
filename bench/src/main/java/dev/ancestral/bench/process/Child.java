package dev.ancestral.bench.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process that ends with this one, at the latest. */
public final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final Process process;
  private final Thread hook;

  private Child(Process process) {
    this.process = process;
    this.hook = new Thread(process::destroy, "end-of-" + process.pid());
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts it. */
  public static Child start(ProcessBuilder builder) throws IOException {
    return new Child(builder.start());
  }

  /** The process itself. */
  public Process process() {
    return process;
  }

  /** Asks it to end, waits, and ends it if it does not. A second call does nothing. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This process is ending; the hook does what is left.
    }
  }
}
