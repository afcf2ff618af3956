package dev.ancestral.server.ops;

/**
 * Whether requests should be sent here: not yet, now, or no more. Liveness is another thing: a
 * process that answers at all is alive. Thread-safe.
 *
 * <pre>
 * STARTING --ready()--> READY --end()--> ENDING
 *    +------------------end()------------^
 * </pre>
 */
final class Readiness {
  /** What it says of itself. */
  enum State {
    STARTING,
    READY,
    ENDING
  }

  private State state = State.STARTING;

  synchronized State state() {
    return state;
  }

  synchronized void ready() {
    if (state == State.STARTING) {
      state = State.READY;
    }
  }

  synchronized void end() {
    state = State.ENDING;
  }
}
