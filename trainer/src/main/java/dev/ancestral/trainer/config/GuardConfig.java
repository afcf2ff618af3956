package dev.ancestral.trainer.config;

import java.util.Map;

/**
 * What happens to batches whose loss or gradient is not finite: each is skipped, and changes
 * nothing.
 *
 * @param restoreAfter so many in a row, and training goes on from the last good checkpoint
 * @param stopAfter so many since that checkpoint, and it stops
 */
public record GuardConfig(int restoreAfter, int stopAfter) {
  static final Setting<Integer> RESTORE_AFTER =
      Setting.integer(
              "training.restore_after",
              "batches in a row without a finite loss and gradient, each of which is skipped, after which training goes"
                  + " on with the weights of the last good checkpoint")
          .within(Bounds.atLeast(1))
          .or(5);
  static final Setting<Integer> STOP_AFTER =
      Setting.integer(
              "training.stop_after",
              "such batches since the last good checkpoint after which training stops")
          .within(Bounds.atLeast(1))
          .or(20)
          .changeable();

  /** Checks the bounds. */
  public GuardConfig {
    RESTORE_AFTER.check(restoreAfter);
    STOP_AFTER.check(stopAfter);
  }

  static GuardConfig of(Section section) {
    return new GuardConfig(section.get(RESTORE_AFTER), section.get(STOP_AFTER));
  }

  void putInto(Map<String, Object> map) {
    map.put(RESTORE_AFTER.name(), restoreAfter);
    map.put(STOP_AFTER.name(), stopAfter);
  }
}
