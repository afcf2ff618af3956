package dev.ancestral.trainer.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Does the same with many files, on several threads. */
final class ParallelFiles {
  /** Who is still at work then hangs, and has only daemon threads. */
  private static final long PATIENCE_SECONDS = 10;

  private ParallelFiles() {}

  /**
   * Does it once for each number. Nothing is at work any more afterwards, however it ends.
   *
   * @param numbers of the files
   * @param threads at least 1
   * @param work for any thread
   * @throws IOException if this thread is interrupted
   */
  static void forEach(int[] numbers, int threads, IntConsumer work, DecodingProgress progress)
      throws IOException {
    AtomicInteger next = new AtomicInteger();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < numbers.length; i = next.getAndIncrement()) {
            work.accept(numbers[i]);
            progress.step();
          }
        };
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "decoding");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(pool.submit(worker));
      }
      for (Future<?> running : workers) {
        running.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while images were read");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OutOfMemoryError full) {
        throw full;
      }
      throw new IllegalStateException("images: cannot be read: " + e.getCause(), e.getCause());
    } finally {
      // Without an interrupt, which would close the log that a thread is writing to.
      next.set(numbers.length);
      pool.shutdown();
      awaitEnd(pool);
    }
  }

  /** Also where this thread was interrupted. */
  private static void awaitEnd(ExecutorService pool) {
    boolean interrupted = Thread.interrupted();
    try {
      pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
