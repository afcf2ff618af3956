package dev.ancestral.server.engine;

/**
 * Bounds of one model's engine, and how it batches within them.
 *
 * @param maxRows the most rows of one call of the network
 * @param queueRows the most samples that run or wait, each a row; more are refused
 * @param batching how calls are shared
 * @param deterministic whether a sample must have the same bits in any company: where the network's
 *     batch invariance was not verified, each sample then runs alone
 */
public record EngineLimits(int maxRows, int queueRows, Batching batching, boolean deterministic) {
  /** On a CPU a call's time grows nearly with its rows, so more would only make everybody late. */
  public static final int DEFAULT_MAX_ROWS = 16;

  /** As many as the largest request has. */
  public static final int DEFAULT_QUEUE_ROWS = 10_000;

  /** Both defaults. */
  public static final EngineLimits DEFAULTS =
      new EngineLimits(DEFAULT_MAX_ROWS, DEFAULT_QUEUE_ROWS);

  /** Far more than makes any device faster: a larger number is a slip. */
  public static final int MOST_ROWS = 4096;

  /** These bounds, with batching at the level of a step, in any company. */
  public EngineLimits(int maxRows, int queueRows) {
    this(maxRows, queueRows, Batching.STEP, false);
  }

  /** Checks the bounds. */
  public EngineLimits {
    if (maxRows < 1 || maxRows > MOST_ROWS) {
      throw new IllegalArgumentException(
          "max-batch: %d (expected: 1..%d)".formatted(maxRows, MOST_ROWS));
    }
    if (queueRows < 1) {
      throw new IllegalArgumentException("queue: %d (expected: at least 1)".formatted(queueRows));
    }
  }

  /** These bounds for a network whose calls have no more rows than that. */
  public EngineLimits upTo(int rows) {
    return new EngineLimits(Math.min(maxRows, rows), queueRows, batching, deterministic);
  }

  /**
   * Rows that a call may come to have: the two of a guided sample run even where one is allowed.
   */
  public int callRows() {
    return Math.max(2, maxRows);
  }

  /**
   * The most samples of one request that are under way or made and not yet sent: enough to keep the
   * batch full, few enough for a reader that stopped.
   */
  int window() {
    return 2 * maxRows;
  }
}
