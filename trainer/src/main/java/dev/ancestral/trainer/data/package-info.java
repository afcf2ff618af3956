/**
 * Data sets: samples as numbers in the range the network is trained on.
 *
 * <p>{@link dev.ancestral.trainer.data.Dataset} is the seam, {@link
 * dev.ancestral.trainer.data.Datasets} the registry; each source is one file. What may not live
 * here: noise, batches, tensors of the engine.
 */
@NullMarked
package dev.ancestral.trainer.data;

import org.jspecify.annotations.NullMarked;
