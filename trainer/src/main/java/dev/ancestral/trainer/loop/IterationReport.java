package dev.ancestral.trainer.loop;

/**
 * What one update said about itself.
 *
 * @param iteration from 1
 * @param loss the weighted mean over the rows
 * @param gradientNorm of all gradients together, before clipping
 * @param learningRate used
 */
public record IterationReport(
    int iteration, double loss, double gradientNorm, double learningRate) {}
