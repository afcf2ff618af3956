package dev.ancestral.server.engine;

import org.jspecify.annotations.Nullable;

/** Binds an object to the first thread that uses it, and says so when another one does. */
public final class ThreadOwner {
  private final String what;
  private volatile @Nullable Thread owner;

  /** {@code what}: the object's name in the message. */
  public ThreadOwner(String what) {
    this.what = what;
  }

  /**
   * Asserts that this thread is the owner; the first caller becomes it.
   *
   * @throws IllegalStateException naming both threads
   */
  public void check() {
    Thread current = Thread.currentThread();
    Thread bound = owner;
    if (bound == null) {
      owner = current;
    } else if (bound != current) {
      throw new IllegalStateException(
          "%s: used on thread %s (expected: %s, which owns it)"
              .formatted(what, current.getName(), bound.getName()));
    }
  }
}
