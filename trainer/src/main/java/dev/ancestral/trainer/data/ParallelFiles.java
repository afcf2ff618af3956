package dev.ancestral.trainer.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Does the same with many files, on several threads. */
final class ParallelFiles {
  private ParallelFiles() {}

  /**
   * Does it once for each number.
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
      pool.shutdownNow();
    }
  }
}
