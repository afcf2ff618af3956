package dev.ancestral.trainer.loop;

/**
 * What training remembers of batches that it skipped, since their loss or gradient was not finite.
 * What is done about them follows from this alone, so a run that was stopped does the same.
 *
 * @param good the iteration of the newest regular checkpoint before which no batch had just been
 *     skipped; 0 before there is one
 * @param inARow skipped since the last update
 * @param sinceGood skipped since {@code good}
 * @param inAll skipped since the start
 */
public record Guard(int good, int inARow, int sinceGood, int inAll) {
  /** Nothing was skipped. */
  public static final Guard START = new Guard(0, 0, 0, 0);

  /** After one more. */
  Guard skipped() {
    return new Guard(good, inARow + 1, sinceGood + 1, inAll + 1);
  }

  /** After an update, or once the last good state was restored. */
  Guard wentOn() {
    return new Guard(good, 0, sinceGood, inAll);
  }

  /** At a regular checkpoint. */
  Guard atCheckpoint(int iteration) {
    return inARow == 0 ? new Guard(iteration, 0, 0, inAll) : this;
  }
}
