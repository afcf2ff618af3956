/**
 * Layers with PyTorch's arithmetic, initial values and tensor names, as plain objects around DJL
 * parameters.
 *
 * <p>A layer is made from a {@link dev.ancestral.trainer.network.layer.Scope}, which names and
 * collects its parameters, and is applied within a {@link
 * dev.ancestral.trainer.network.layer.Pass}, which hands out their arrays. Only the whole network
 * is a DJL block. What may not live here: anything that knows one architecture.
 *
 * <p>Operands: never write {@code x.mul(number)} where a gradient flows. DJL makes the number a
 * tensor over a Java buffer and closes it at once, but the backward pass still reads it; after a
 * garbage collection it reads freed memory (seen as NaN, and once as a crash). An array from {@code
 * x.getManager().create(...)} lives until the iteration's manager is closed. And what is derived
 * from a parameter belongs to the parameter's manager until it is attached to the inputs' one.
 */
@NullMarked
package dev.ancestral.trainer.network.layer;

import org.jspecify.annotations.NullMarked;
