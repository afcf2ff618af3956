/**
 * Networks as DJL blocks, found by name.
 *
 * <p>What lives here: the registry {@link dev.ancestral.trainer.network.Networks} and what any
 * network needs, such as {@link dev.ancestral.trainer.network.FlatParameters}. A network is one
 * package beside {@link dev.ancestral.trainer.network.unet}, written as ordinary DJL code, from
 * which the exporter traces its graph; so a forward pass never reads a value on the host, never
 * works in place, and leaves the batch size open (-1 in a reshape). What may not: losses,
 * optimizers, files.
 */
@NullMarked
package dev.ancestral.trainer.network;

import org.jspecify.annotations.NullMarked;
