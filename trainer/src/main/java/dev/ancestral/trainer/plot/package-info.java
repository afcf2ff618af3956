/**
 * {@code plot}: pictures of what a run's mathematics does: the forward process and the reverse
 * chain at ten times, the score as a field of arrows.
 *
 * <p>Start with {@link dev.ancestral.trainer.plot.PlotCommand}. Each subcommand computes its
 * numbers and leaves the drawing to {@code StatesSheet} and to {@code dev.ancestral.picture}.
 */
@NullMarked
package dev.ancestral.trainer.plot;

import org.jspecify.annotations.NullMarked;
