package dev.ancestral.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that answers each line it is given with one line of its own. For one thread. */
public final class Dialogue implements AutoCloseable {
  private static final String END = "(it ended)";

  private final Child child;
  private final PrintWriter questions;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  /** Starts it. */
  public Dialogue(ProcessBuilder builder) throws IOException {
    child = Child.start(builder);
    questions = new PrintWriter(child.process().outputWriter(StandardCharsets.UTF_8), true);
    Thread reader = new Thread(this::read, "answers");
    reader.setDaemon(true);
    reader.start();
  }

  /** The number of its process. */
  long pid() {
    return child.process().pid();
  }

  private void read() {
    try (BufferedReader lines = child.process().inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.add(line);
      }
      answers.add(END);
    } catch (IOException e) {
      answers.add(END);
    }
  }

  /**
   * The next line it says, without a question.
   *
   * @throws IOException if there is none within the time
   */
  public String next(Duration patience) throws IOException, InterruptedException {
    String answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (answer == null || answer.equals(END)) {
      throw new IOException(
          answer == null ? "no answer within %d s".formatted(patience.toSeconds()) : "it ended");
    }
    return answer;
  }

  /**
   * The answer to a line.
   *
   * @throws IOException if there is none within the time
   */
  public String ask(String question, Duration patience) throws IOException, InterruptedException {
    questions.println(question);
    return next(patience);
  }

  @Override
  public void close() {
    child.close();
  }
}
