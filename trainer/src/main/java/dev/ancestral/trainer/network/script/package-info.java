/**
 * Networks as TorchScript: what a network does is written down as text, which the engine runs as
 * one call, with the fused operations that DJL has no names for and without an array in Java for
 * every intermediate result.
 *
 * <p>Start with {@link dev.ancestral.trainer.network.script.ScriptedNetwork}. TorchScript is text
 * in a zip; gradients flow through it to what is given as an input, so weights are given as one.
 * What may not live here: what a network is made of; that is a {@link
 * dev.ancestral.trainer.network.trace.Trace}.
 */
@NullMarked
package dev.ancestral.trainer.network.script;

import org.jspecify.annotations.NullMarked;
