/**
 * The shape that the U-Nets with two residual blocks a level have in common: a 7×7 stem, levels
 * whose two blocks each hand their output across, two blocks in the middle, and a last block that
 * sees the stem's output once more.
 *
 * <p>Start with {@link dev.ancestral.trainer.network.twores.TwoResUnet}, the forward pass; a
 * network of this shape is a package of its own that implements {@link
 * dev.ancestral.trainer.network.twores.Parts}. What may not live here: a block, a normalisation, an
 * attention.
 */
@NullMarked
package dev.ancestral.trainer.network.twores;

import org.jspecify.annotations.NullMarked;
