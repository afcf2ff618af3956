/**
 * ONNX graphs as values, and the file they are written to.
 *
 * <p>What lives here: {@link dev.ancestral.exporter.onnx.Graph} and its parts, the clean-up, and
 * {@link dev.ancestral.exporter.onnx.OnnxFile}, which owns the format. What may not: tensors of any
 * library, ONNX Runtime. Start with {@link dev.ancestral.exporter.onnx.Graph}.
 */
@NullMarked
package dev.ancestral.exporter.onnx;

import org.jspecify.annotations.NullMarked;
