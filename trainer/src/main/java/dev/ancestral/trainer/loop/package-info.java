/**
 * The training loop: noised batches, the optimizer, the averaged weights. What is minimised is a
 * {@link dev.ancestral.trainer.loss.Loss}.
 *
 * <p>Start with {@link dev.ancestral.trainer.loop.TrainingLoop}. Everything random is a function of
 * (seed, iteration), and everything else is in {@link dev.ancestral.trainer.loop.TrainingState}; so
 * a run that was stopped goes on as if it never had been. What may not live here: files, pictures,
 * progress bars; they listen.
 */
@NullMarked
package dev.ancestral.trainer.loop;

import org.jspecify.annotations.NullMarked;
