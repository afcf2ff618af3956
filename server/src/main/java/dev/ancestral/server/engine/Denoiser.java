package dev.ancestral.server.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network that predicts, from noisy states and their timesteps, what each row's sampler needs:
 * the one seam to the runtime that runs it.
 *
 * <p>Not thread-safe, but for what it says of itself: the thread that calls {@link #predict} first
 * owns it, and closes it. Contract of every implementation: a row's prediction depends on that row
 * alone, whatever its slot and its neighbours; bit for bit, unless the runtime's own kernels differ
 * with the number of rows, which {@link TimedCalibrator} finds out.
 */
public interface Denoiser extends AutoCloseable {
  /** Shape of one row, without the batch: [C, H, W] or [features]. */
  List<Long> dataShape();

  /** Whether {@link Row#label()} matters. */
  boolean takesLabels();

  /** Whether each row's prediction has a variance half: as many numbers again, after the first. */
  boolean predictsVariance();

  /** The most rows {@link #predict} takes. */
  int maxRows();

  /**
   * Rows that a call of so many really runs. More than were asked for where the runtime gets to see
   * a few sizes alone, since each new one is slow at first.
   */
  default int paddedRows(int rows) {
    return rows;
  }

  /**
   * Runs once what is slow the first time, so that it is not while serving: each size that rows are
   * padded to. Nothing where sizes are exact.
   *
   * @throws DenoiserException when the runtime fails
   */
  default void warmUp() {}

  /**
   * The same network with several steps in a call; null where the runtime has none, or none that is
   * of use. Belongs to the denoiser's thread, and is closed with it.
   */
  default @Nullable DeviceChain chain() {
    return null;
  }

  /** Floats in one row. */
  default int elements() {
    return Math.toIntExact(dataShape().stream().reduce(1L, Math::multiplyExact));
  }

  /** Floats in one row's prediction. */
  default int predictionElements() {
    return predictsVariance() ? Math.multiplyExact(2, elements()) : elements();
  }

  /**
   * Runs the network once.
   *
   * @param rows at least one, at most {@link #maxRows()}; not changed
   * @param predictions receives row i's prediction from {@code i * predictionElements()}; the rest
   *     is left as it is
   * @throws IllegalArgumentException when the number of rows or the length of a state does not fit
   * @throws DenoiserException when the runtime fails; the denoiser stays usable
   */
  void predict(List<? extends Row> rows, float[] predictions);

  /**
   * Makes the call that runs fail as soon as the runtime can, and every later one. Any thread may
   * say so, at any time.
   */
  default void abort() {}

  /** Frees what is native. A second call does nothing. */
  @Override
  void close();
}
