/**
 * Layers with PyTorch's arithmetic, initial values and tensor names, as plain objects around DJL
 * parameters.
 *
 * <p>A layer is made from a {@link dev.ancestral.trainer.network.layer.Scope}, which names and
 * collects its parameters, and is applied within a {@link
 * dev.ancestral.trainer.network.layer.Pass}, which hands out their arrays. Only the whole network
 * is a DJL block. What may not live here: anything that knows one architecture.
 */
@NullMarked
package dev.ancestral.trainer.network.layer;

import org.jspecify.annotations.NullMarked;
