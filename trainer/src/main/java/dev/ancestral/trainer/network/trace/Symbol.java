package dev.ancestral.trainer.network.trace;

import ai.djl.ndarray.types.Shape;

/**
 * An array of a trace.
 *
 * @param id another one for each array of a trace
 * @param shape of it
 */
public record Symbol(int id, Shape shape) {}
