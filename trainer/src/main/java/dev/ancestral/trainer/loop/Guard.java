package dev.ancestral.trainer.loop;

import org.jspecify.annotations.Nullable;

/**
 * What training remembers of batches that it skipped, since their loss or gradient was not finite.
 * What is done about them follows from this alone, so a run that was stopped does the same.
 *
 * <p>The loss of an iteration is that of the weights before its update, so the weights after it are
 * known to be good only once the next batch has a finite loss.
 *
 * @param good the iteration of the newest regular checkpoint whose weights are known to be good; 0
 *     before there is one
 * @param inARow skipped since the last update
 * @param sinceGood skipped since {@code good}
 * @param inAll skipped since the start
 * @param candidate the iteration of a regular checkpoint that becomes {@code good} with the next
 *     update; 0 for none
 */
public record Guard(int good, int inARow, int sinceGood, int inAll, int candidate) {
  /** Nothing was skipped. */
  public static final Guard START = new Guard(0, 0, 0, 0, 0);

  /** After one more. */
  Guard skipped() {
    return new Guard(good, inARow + 1, sinceGood + 1, inAll + 1, 0);
  }

  /** After an update, from a finite loss and gradient. */
  Guard updated() {
    return candidate == 0
        ? new Guard(good, 0, sinceGood, inAll, 0)
        : new Guard(candidate, 0, 0, inAll, 0);
  }

  /** Once the last good state was restored. */
  Guard restored() {
    return new Guard(good, 0, sinceGood, inAll, 0);
  }

  /**
   * At a regular checkpoint.
   *
   * @param heldOutLoss of its averaged weights; null if it was not measured
   */
  Guard atCheckpoint(int iteration, @Nullable Double heldOutLoss) {
    boolean mayBeGood = inARow == 0 && (heldOutLoss == null || Double.isFinite(heldOutLoss));
    return mayBeGood ? new Guard(good, inARow, sinceGood, inAll, iteration) : this;
  }
}
