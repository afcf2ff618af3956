/**
 * What was measured, and its table, JSON and plots.
 *
 * <p>Start with {@link dev.ancestral.bench.report.Report}. {@link
 * dev.ancestral.bench.report.Rounds} turns repeated measurements into a ratio with its spread.
 */
@NullMarked
package dev.ancestral.bench.report;

import org.jspecify.annotations.NullMarked;
