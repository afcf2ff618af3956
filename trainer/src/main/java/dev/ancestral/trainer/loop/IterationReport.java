package dev.ancestral.trainer.loop;

/**
 * What one update said about itself.
 *
 * @param iteration from 1
 * @param loss the weighted mean over the rows
 * @param gradientNorm of all gradients together, before clipping
 * @param learningRate used
 * @param waiting which share of its time went by before it had a batch, 0..1
 */
public record IterationReport(
    int iteration, double loss, double gradientNorm, double learningRate, double waiting) {}
