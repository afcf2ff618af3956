/**
 * Samples drawn by the engine itself, for the pictures of a run. Start with {@link
 * dev.ancestral.trainer.sample.Chain}. What may not live here: anything a request or a server
 * needs.
 */
@NullMarked
package dev.ancestral.trainer.sample;

import org.jspecify.annotations.NullMarked;
