package dev.ancestral.server.engine;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Draws the noise of a call's steps while the network runs, on a thread of its own: when the
 * predictions are there, so is the noise. What is drawn depends on sample and step alone, so it is
 * the same on whichever thread.
 *
 * <p>Belongs to the engine's thread, which must not touch the batch between {@link #begin} and
 * {@link #finish}.
 */
final class NoiseWorker implements AutoCloseable {
  /** Fewer numbers than this are drawn sooner than another thread wakes up. */
  private static final int WORTH_A_THREAD = 1024;

  private final float[][] noise;
  private final int elements;
  private final int[] words = new int[4];

  /** Passes the fields below to the worker, and back. */
  private final Semaphore asked = new Semaphore(0);

  private final Semaphore drawn = new Semaphore(0);
  private @Nullable Batch batch;
  private @Nullable RuntimeException failure;
  private boolean closed;

  /** Whether the worker was asked for what {@link #finish} waits for. */
  private boolean busy;

  /**
   * Starts the worker.
   *
   * @param name of its thread
   * @param maxRows the most trajectories of a call
   * @param elements floats in a state
   */
  NoiseWorker(String name, int maxRows, int elements) {
    this.noise = new float[maxRows][];
    this.elements = elements;
    Thread thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Begins to draw what the next step of each trajectory needs. */
  void begin(Batch next) {
    int stochastic = 0;
    for (int i = 0; i < next.size(); i++) {
      if (next.get(i).drawsNoise()) {
        stochastic++;
        if (noise[i] == null) {
          noise[i] = new float[elements];
        }
      }
    }
    batch = next;
    busy = (long) stochastic * elements >= WORTH_A_THREAD;
    if (busy) {
      asked.release();
    } else if (stochastic > 0) {
      draw(next);
    }
  }

  /** Waits for the worker, if it is not done. */
  void finish() {
    if (busy) {
      busy = false;
      drawn.acquireUninterruptibly();
      if (failure != null) {
        throw failure;
      }
    }
  }

  /**
   * The noise of the i-th trajectory's step; without meaning where it draws none. Valid until the
   * next {@link #begin}.
   */
  float[] of(int i) {
    float[] drawnNoise = noise[i];
    return drawnNoise == null ? Trajectory.NOTHING : drawnNoise;
  }

  private void run() {
    while (true) {
      asked.acquireUninterruptibly();
      Batch next = batch;
      if (closed || next == null) {
        return;
      }
      try {
        draw(next);
      } catch (RuntimeException e) {
        failure = e;
      } finally {
        drawn.release();
      }
    }
  }

  private void draw(Batch next) {
    for (int i = 0; i < next.size(); i++) {
      if (next.get(i).drawsNoise()) {
        next.get(i).drawNoise(noise[i], words);
      }
    }
  }

  /** Ends the worker. */
  @Override
  public void close() {
    finish();
    closed = true;
    asked.release();
  }
}
