package dev.ancestral.server.repository;

import dev.ancestral.cli.Printable;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.EngineException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One model on its way into the repository, on a thread of its own: a network that never comes back
 * from its first call, or from being opened, is given up, and keeps nobody else waiting. What it
 * becomes afterwards is closed.
 *
 * <pre>
 * LOADING --loaded--> the repository's
 *    |-----failed---> an exception
 *    +-----time up--> given up --loaded--> closed
 * </pre>
 */
final class LoadAttempt {
  /** ONNX Runtime descends into graphs within graphs, which {@code onnx} bounds. */
  private static final long STACK_BYTES = 16L << 20;

  /** For a call that was told to end, so that what it holds is free before the next model loads. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final CompletableFuture<ServedModel> result = new CompletableFuture<>();
  private final Thread thread;
  private @Nullable Denoiser network;
  private boolean givenUp;

  /** Begins. */
  LoadAttempt(ModelLoader loader, ModelLocation location) {
    this.thread = new Thread(null, () -> load(loader, location), "load", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * The model.
   *
   * @throws ModelProblem in one line, when it cannot be served
   */
  ServedModel await(Duration limit) throws ModelProblem {
    try {
      return result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable failure = Objects.requireNonNullElse(e.getCause(), e);
      throw new ModelProblem(said(failure), failure);
    } catch (TimeoutException e) {
      if (giveUp()) {
        throw new ModelProblem(
            "was not loaded, run and measured within %d s, and was given up (expected: sooner; --load-timeout gives more)"
                .formatted(limit.toSeconds()),
            e);
      }
      return await(Duration.ZERO);
    } catch (InterruptedException e) {
      giveUp();
      Thread.currentThread().interrupt();
      throw new ModelProblem("was interrupted as it was loaded", e);
    }
  }

  private void load(ModelLoader loader, ModelLocation location) {
    try {
      ServedModel model = loader.load(location, this::opened);
      if (!result.complete(model)) {
        model.engine().close();
      }
    } catch (Throwable e) { // Whatever a model does to this thread, the others are served.
      result.completeExceptionally(e);
    }
  }

  private void opened(Denoiser denoiser) {
    synchronized (this) {
      network = denoiser;
      if (!givenUp) {
        return;
      }
    }
    denoiser.abort();
  }

  /** Returns false where it was loaded just now. */
  private boolean giveUp() {
    if (!result.completeExceptionally(new TimeoutException())) {
      return false;
    }
    Denoiser opened;
    synchronized (this) {
      givenUp = true;
      opened = network;
    }
    if (opened != null) {
      opened.abort();
    }
    try {
      thread.join(GRACE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  /** What is wrong, in one line, and by its kind where its message alone would not tell. */
  private static String said(Throwable failure) {
    boolean telling =
        failure instanceof IllegalArgumentException || failure instanceof EngineException;
    String message = failure.getMessage();
    return Printable.line(
        telling && message != null
            ? message
            : failure instanceof IOException && message != null
                ? "cannot be read: " + failure
                : failure.toString());
  }
}
