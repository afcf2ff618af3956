package dev.ancestral.trainer.run;

import dev.ancestral.trainer.loop.TrainingState;
import java.time.Duration;
import java.time.Instant;

/**
 * A state worth keeping.
 *
 * @param state everything the next iteration depends on
 * @param trainingTime spent on all iterations so far, over every session of the run
 * @param createdAt when it was saved
 */
record Checkpoint(TrainingState state, Duration trainingTime, Instant createdAt) {}
