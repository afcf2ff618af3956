package dev.ancestral.trainer.run;

import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.loop.TrainingState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A state worth keeping.
 *
 * @param state everything the next iteration depends on
 * @param averages names of its averages, in their order
 * @param trainingTime spent on all iterations so far, over every session of the run
 * @param createdAt when it was saved
 * @param heldOutLoss of the averaged weights; null where it was not measured
 */
record Checkpoint(
    TrainingState state,
    List<String> averages,
    Duration trainingTime,
    Instant createdAt,
    @Nullable Double heldOutLoss) {
  Checkpoint {
    averages = List.copyOf(averages);
  }

  /**
   * An average by its name.
   *
   * @throws UserError naming those that there are, if it is none of them
   */
  float[] average(String name) {
    int place = averages.indexOf(name);
    if (place < 0) {
      throw new UserError(
          "--ema: %s (expected: %s, as the run kept them)"
              .formatted(name, String.join(", ", averages)));
    }
    return state.averages().get(place);
  }
}
