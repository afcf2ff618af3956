package dev.ancestral.server.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;

/** What is logged from its making until it is closed, line by line. */
public final class LogLines extends OutputStream {
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  public LogLines(LogLevel level) {
    ServerLog.to(new PrintStream(this, true, StandardCharsets.UTF_8), level);
  }

  @Override
  public synchronized void write(int b) {
    if (b == '\n') {
      lines.add(begun.toString(StandardCharsets.UTF_8));
      begun.reset();
    } else {
      begun.write(b);
    }
  }

  /** The next line, without its time; waits for it. */
  public String next() throws InterruptedException {
    String line = Objects.requireNonNull(lines.poll(20, TimeUnit.SECONDS), "no line came");
    return line.substring(line.indexOf(' ') + 1);
  }

  /** What was not taken by now. */
  public List<String> rest() {
    List<String> rest = new ArrayList<>();
    lines.drainTo(rest);
    return rest;
  }

  /** Logging is as it was. */
  @Override
  public void close() {
    try {
      LogManager.getLogManager().readConfiguration();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
