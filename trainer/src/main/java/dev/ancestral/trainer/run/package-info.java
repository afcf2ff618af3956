/**
 * A run on disk, and the one class that trains into it.
 *
 * <p>{@link dev.ancestral.trainer.run.TrainingRun} drives the loop and writes; {@link
 * dev.ancestral.trainer.run.RunDirectory} knows where things are; {@link
 * dev.ancestral.trainer.run.Safetensors} owns the format of a checkpoint. What may not live here:
 * how an update is computed, what a command prints.
 */
@NullMarked
package dev.ancestral.trainer.run;

import org.jspecify.annotations.NullMarked;
