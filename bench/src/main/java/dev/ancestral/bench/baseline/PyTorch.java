package dev.ancestral.bench.baseline;

import dev.ancestral.bench.process.Dialogue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * The network in PyTorch, in a Python process that is kept: {@code bench/python/network.py}. It is
 * timed only after it predicted what ONNX Runtime predicts. For one thread.
 */
public final class PyTorch implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Set<String> THREAD_SETTINGS = Set.of("OMP_WAIT_POLICY", "GOMP_SPINCOUNT");
  private static final String READY = "ready ";
  private static final String UNAVAILABLE = "^unavailable: ";
  private static final String DONE = "done";
  private static final int CHECKED_ROWS = 2;
  private static final double TOLERANCE = 1e-3;

  private final Dialogue dialogue;
  private final String version;

  private PyTorch(Dialogue dialogue, String version) {
    this.dialogue = dialogue;
    this.version = version;
  }

  /** How PyTorch runs a network. */
  public enum Mode {
    /** Operation by operation, as written. */
    EAGER("PyTorch eager"),
    /** By {@code torch.compile} for each batch size; on a GPU replayed as a CUDA graph. */
    COMPILED("PyTorch compiled");

    private final String label;

    Mode(String label) {
      this.label = label;
    }

    /** What the report calls it. */
    public String label() {
      return label;
    }
  }

  /** Why there is no PyTorch to measure. */
  public static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Unavailable(String reason) {
      super(reason);
      this.reason = reason;
    }

    /** The reason, for the report. */
    public String reason() {
      return reason;
    }
  }

  /**
   * Starts Python and compares its prediction.
   *
   * @param python the interpreter
   * @param script {@code network.py}
   * @param device where it runs, as the reference does
   * @param log receives what Python says besides
   * @throws Unavailable if there is no Python, no PyTorch, or another network in the bundle
   */
  public static PyTorch start(
      String python,
      Path script,
      Path bundle,
      BenchDevice device,
      Mode mode,
      BareRuntime reference,
      Path log)
      throws IOException, InterruptedException, Unavailable {
    Dialogue dialogue;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
                  python,
                  script.toString(),
                  bundle.toString(),
                  device.label(),
                  mode.name().toLowerCase(Locale.ROOT))
              .redirectError(log.toFile());
      withItsOwnDefaults(builder);
      dialogue = new Dialogue(builder);
    } catch (IOException e) {
      throw new Unavailable("no " + python);
    }
    try {
      PyTorch started = new PyTorch(dialogue, version(dialogue.next(PATIENCE)));
      started.compare(reference);
      return started;
    } catch (IOException e) {
      dialogue.close();
      throw new Unavailable(python + ": " + e.getMessage() + ", see " + log.getFileName());
    } catch (Unavailable | RuntimeException | InterruptedException e) {
      dialogue.close();
      throw e;
    }
  }

  /**
   * The launcher sets threads for training on busy machines; PyTorch alone has its own defaults.
   */
  static void withItsOwnDefaults(ProcessBuilder builder) {
    builder.environment().keySet().removeAll(THREAD_SETTINGS);
  }

  /** What a script says of itself at its start. */
  static String version(String said) throws Unavailable {
    if (!said.startsWith(READY)) {
      throw new Unavailable(said.replaceFirst(UNAVAILABLE, ""));
    }
    return said.substring(READY.length());
  }

  /** The versions and threads of it. */
  public String version() {
    return version;
  }

  /**
   * Runs the network a number of times.
   *
   * @return the time that all of them took
   */
  public Duration run(int batch, int times) throws IOException, InterruptedException {
    String seconds = dialogue.ask("run %d %d".formatted(batch, times), PATIENCE);
    return Duration.ofNanos((long) (Double.parseDouble(seconds) * 1e9));
  }

  /**
   * PyTorch's own ONNX export of the network.
   *
   * @param file where to write it
   * @throws Unavailable if what it needs beside PyTorch is not there
   */
  public Path export(Path file) throws IOException, InterruptedException, Unavailable {
    String answer = dialogue.ask("export 1 " + file, PATIENCE);
    if (!answer.equals(DONE)) {
      throw new Unavailable(answer.replaceFirst(UNAVAILABLE, ""));
    }
    return file;
  }

  private void compare(BareRuntime reference) throws IOException, InterruptedException {
    reference.run(CHECKED_ROWS, 1);
    float[] expected = reference.prediction(CHECKED_ROWS);
    Path given = Files.createTempFile("given", ".f32");
    Path answered = Files.createTempFile("predicted", ".f32");
    try {
      float[] states = BareRuntime.states(CHECKED_ROWS, expected.length / CHECKED_ROWS);
      float[] input = Arrays.copyOf(states, states.length + CHECKED_ROWS);
      for (int row = 0; row < CHECKED_ROWS; row++) {
        input[states.length + row] = BareRuntime.timestep(row);
      }
      Files.write(given, bytes(input));
      dialogue.ask("predict %d %s %s".formatted(CHECKED_ROWS, given, answered), PATIENCE);
      check(expected, floats(Files.readAllBytes(answered)));
    } finally {
      Files.delete(given);
      Files.delete(answered);
    }
  }

  private static void check(float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      throw new IllegalStateException(
          "PyTorch predicts %d numbers (expected: %d)".formatted(actual.length, expected.length));
    }
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(expected[i] - actual[i]);
      if (!(difference <= TOLERANCE * Math.max(1, Math.abs(expected[i])))) {
        throw new IllegalStateException(
            "PyTorch predicts %s at %d (expected: %s, as ONNX Runtime)"
                .formatted(actual[i], i, expected[i]));
      }
    }
  }

  private static byte[] bytes(float[] numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return bytes.array();
  }

  private static float[] floats(byte[] bytes) {
    float[] numbers = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
    return numbers;
  }

  @Override
  public void close() {
    dialogue.close();
  }
}
