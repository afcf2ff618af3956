/**
 * The score network for points at a single noise level: what score matching trains and Langevin
 * dynamics draws with.
 *
 * <p>Start with {@link dev.ancestral.trainer.network.score.ScoreMlpFamily}.
 */
@NullMarked
package dev.ancestral.trainer.network.score;

import org.jspecify.annotations.NullMarked;
