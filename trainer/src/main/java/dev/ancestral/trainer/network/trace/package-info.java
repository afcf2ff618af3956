/**
 * A forward pass without numbers: what operations a network is made of, found out by running it on
 * arrays that are shapes alone.
 *
 * <p>Start with {@link dev.ancestral.trainer.network.trace.Trace}. Its readers are the estimate of
 * memory and the script that trains. A network that uses an array operation for the first time adds
 * it to {@code SymbolicArray} and to {@link dev.ancestral.trainer.network.trace.Operator}. What may
 * not live here: what becomes of a trace.
 */
@NullMarked
package dev.ancestral.trainer.network.trace;

import org.jspecify.annotations.NullMarked;
