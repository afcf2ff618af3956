package dev.ancestral.server.onnx;

/**
 * The threads of ONNX Runtime, which all models share.
 *
 * @param threads how many, the caller's among them
 * @param spinning whether they keep a processor busy for a moment while they wait for work, which
 *     finds them sooner then, but takes the processor from whoever else wants it
 */
public record ThreadPool(int threads, boolean spinning) {
  /** More than any machine has: a larger number is a slip, and would take the machine down. */
  private static final int MOST_THREADS = 1024;

  /** Checks the number. */
  public ThreadPool {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "threads: %d (expected: 1..%d)".formatted(threads, MOST_THREADS));
    }
  }

  @Override
  public String toString() {
    return "%d threads%s".formatted(threads, spinning ? "" : " that do not spin");
  }
}
