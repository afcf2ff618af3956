/**
 * Files of numpy, {@code .npy} and {@code .npz}, as arrays of numbers that stay on the disc. Start
 * with {@link dev.ancestral.trainer.data.npy.NpyFile}. What may not live here: what the arrays
 * mean.
 */
@NullMarked
package dev.ancestral.trainer.data.npy;

import org.jspecify.annotations.NullMarked;
