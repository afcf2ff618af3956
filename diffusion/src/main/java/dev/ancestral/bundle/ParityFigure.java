package dev.ancestral.bundle;

/**
 * One line of the proof that the exported network equals the trained one.
 *
 * @param name what was compared
 * @param maxAbsDifference the largest difference seen
 * @param tolerance the difference that was allowed
 */
public record ParityFigure(String name, double maxAbsDifference, double tolerance) {}
