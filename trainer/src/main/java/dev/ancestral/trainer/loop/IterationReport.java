package dev.ancestral.trainer.loop;

/**
 * What one update said about itself.
 *
 * @param iteration from 1
 * @param loss mean squared error of the batch
 * @param gradientNorm of all gradients together, before clipping
 * @param learningRate used
 */
public record IterationReport(
    int iteration, double loss, double gradientNorm, double learningRate) {}
