/**
 * The run directory: what training leaves on disk and what it goes on from.
 *
 * <p>{@link dev.ancestral.trainer.run.RunDirectory} knows the layout, {@link
 * dev.ancestral.trainer.run.Checkpoints} keeps the states, {@link
 * dev.ancestral.trainer.run.TrainingRun} drives the loop and writes as it goes. What may not live
 * here: arithmetic on weights.
 */
@NullMarked
package dev.ancestral.trainer.run;

import org.jspecify.annotations.NullMarked;
