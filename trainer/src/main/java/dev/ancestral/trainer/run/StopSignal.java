package dev.ancestral.trainer.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks a run to save and stop. Thread-safe: any thread may ask; the run's own thread looks between
 * iterations, and says when it is done.
 */
public final class StopSignal {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean requested;

  /** Asks. */
  public void request() {
    requested = true;
  }

  /** Whether somebody asked. */
  public boolean isRequested() {
    return requested;
  }

  /** The run has saved, or has failed to. */
  public void finished() {
    finished.countDown();
  }

  /** Makes Ctrl-C and SIGTERM ask, and hold the process until the run has saved. */
  public void onShutdown() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::requestAndAwait, "save-and-stop"));
  }

  private void requestAndAwait() {
    request();
    try {
      if (!finished.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println(
            "stopping without a checkpoint: the iteration took longer than " + PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
