package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.folder.ImageFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Does the same with many files, on several threads. */
final class ParallelFiles {
  private ParallelFiles() {}

  /**
   * The results in the order of the files.
   *
   * @param threads at least 1
   * @param work for any thread
   * @throws IOException if this thread is interrupted
   */
  static <T> List<T> map(
      List<ImageFile> files, int threads, Function<ImageFile, T> work, DecodingProgress progress)
      throws IOException {
    @Nullable Object[] results = new Object[files.size()];
    AtomicInteger next = new AtomicInteger();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < results.length; i = next.getAndIncrement()) {
            results[i] = work.apply(files.get(i));
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
      throw new IllegalStateException("images: cannot be read: " + e.getCause(), e.getCause());
    } finally {
      pool.shutdownNow();
    }
    @SuppressWarnings("unchecked") // Every element was given by the work.
    List<T> all = (List<T>) Arrays.asList(results);
    return all;
  }
}
