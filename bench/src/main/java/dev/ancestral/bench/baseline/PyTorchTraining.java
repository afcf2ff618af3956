package dev.ancestral.bench.baseline;

import dev.ancestral.bench.process.Dialogue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A training in PyTorch, in a Python process that is kept: {@code bench/python/train.py}. */
public final class PyTorchTraining implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Dialogue dialogue;
  private final String version;

  private PyTorchTraining(Dialogue dialogue, String version) {
    this.dialogue = dialogue;
    this.version = version;
  }

  /**
   * Starts Python.
   *
   * @param python the interpreter
   * @param script {@code train.py}
   * @param settings as the script reads them
   * @param log receives what Python says besides
   * @throws PyTorch.Unavailable if there is no Python, no PyTorch or no diffusers
   */
  public static PyTorchTraining start(String python, Path script, String settings, Path log)
      throws IOException, InterruptedException, PyTorch.Unavailable {
    ProcessBuilder builder =
        new ProcessBuilder(python, script.toString(), settings).redirectError(log.toFile());
    PyTorch.withItsOwnDefaults(builder);
    Dialogue dialogue;
    try {
      dialogue = new Dialogue(builder);
    } catch (IOException e) {
      throw new PyTorch.Unavailable("no " + python);
    }
    try {
      return new PyTorchTraining(dialogue, PyTorch.version(dialogue.next(PATIENCE)));
    } catch (IOException e) {
      dialogue.close();
      throw new PyTorch.Unavailable(python + ": " + e.getMessage() + ", see " + log.getFileName());
    } catch (PyTorch.Unavailable | RuntimeException | InterruptedException e) {
      dialogue.close();
      throw e;
    }
  }

  /** The versions and threads of it. */
  public String version() {
    return version;
  }

  /** The time that so many updates take. */
  public Duration run(int updates) throws IOException, InterruptedException {
    String seconds = dialogue.ask("run " + updates, PATIENCE);
    return Duration.ofNanos((long) (Double.parseDouble(seconds) * 1e9));
  }

  /** The most bytes that it has had in memory. */
  public long peakBytes() throws IOException, InterruptedException {
    return Long.parseLong(dialogue.ask("memory", PATIENCE));
  }

  @Override
  public void close() {
    dialogue.close();
  }
}
