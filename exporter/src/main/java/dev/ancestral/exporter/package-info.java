/**
 * From a trained DJL network to an ONNX bundle that is proven equal to it.
 *
 * <p>What lives here: the commands {@code export} and {@code inspect}, and {@link
 * dev.ancestral.exporter.BlockExporter}, which turns any block into a graph. The work is done by
 * {@link dev.ancestral.exporter.trace} (what does the network do), {@link
 * dev.ancestral.exporter.operators} (what is that in ONNX), {@link dev.ancestral.exporter.onnx}
 * (the file) and {@link dev.ancestral.exporter.proof} (is it the same). What may not: gRPC,
 * training. Start with {@link dev.ancestral.exporter.BlockExporter}.
 */
@NullMarked
package dev.ancestral.exporter;

import org.jspecify.annotations.NullMarked;
