/**
 * How much memory a training will need, said before it starts, beside what the machine has.
 *
 * <p>Start with {@link dev.ancestral.trainer.memory.MemoryCheck}. A network's need is not declared
 * but found out from a {@link dev.ancestral.trainer.network.trace.Trace}, so whatever a network
 * does is counted, with no array being made. What may not live here: anything that allocates what
 * it estimates.
 */
@NullMarked
package dev.ancestral.trainer.memory;

import org.jspecify.annotations.NullMarked;
