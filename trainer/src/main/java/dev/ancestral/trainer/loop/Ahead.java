package dev.ancestral.trainer.loop;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Values by number, made on other threads before they are asked for, as many as fit a bounded
 * queue. What they are depends on their number alone, so nobody can tell how many threads there
 * were, or that there were any.
 *
 * <p>One thread takes and closes.
 */
final class Ahead<T> implements AutoCloseable {
  /** Who is still at work then hangs, and has only daemon threads. */
  private static final long PATIENCE_SECONDS = 10;

  private final IntFunction<T> maker;
  private final int depth;
  private final ExecutorService workers;
  private final Deque<Future<T>> queue = new ArrayDeque<>();
  private int next = Integer.MIN_VALUE;

  /**
   * Makes nothing before the first number is asked for.
   *
   * @param maker of a value from its number; for any thread
   * @param threads that make values, at least 1
   * @param depth how many there are at most besides the one that is asked for, at least 1
   */
  Ahead(IntFunction<T> maker, int threads, int depth) {
    this.maker = maker;
    this.depth = depth;
    this.workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "batches");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * The value of a number; waits until it is made. Those of the numbers after it are made
   * meanwhile; another number than the next one starts anew there.
   *
   * @throws RuntimeException as its maker threw it
   */
  T take(int number) {
    if (number != next) {
      queue.forEach(made -> made.cancel(false));
      queue.clear();
      next = number;
    }
    while (queue.size() <= depth) {
      int wanted = next + queue.size();
      queue.add(workers.submit(() -> maker.apply(wanted)));
    }
    next++;
    return value(queue.remove());
  }

  private static <T> T value(Future<T> made) {
    try {
      return made.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a batch", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException("batches: cannot be made: " + e.getCause(), e.getCause());
    }
  }

  /** Ends the threads, and waits for those at work: what they read may be closed afterwards. */
  @Override
  public void close() {
    workers.shutdownNow();
    try {
      workers.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
