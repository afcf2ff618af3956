/**
 * What each operation of a DJL array is in ONNX.
 *
 * <p>{@link dev.ancestral.exporter.operators.OperatorMap} is the table; a family of operations is
 * one file beside it, and a new operation one entry there. What may not live here: DJL, ONNX
 * Runtime. Start with {@link dev.ancestral.exporter.operators.Lowering}.
 */
@NullMarked
package dev.ancestral.exporter.operators;

import org.jspecify.annotations.NullMarked;
