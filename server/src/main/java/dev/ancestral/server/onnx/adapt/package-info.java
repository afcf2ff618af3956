/**
 * Graphs in other clothes: {@link dev.ancestral.server.onnx.adapt.GraphAdapter} gives other
 * people's networks the inputs and the output that ours have, {@link
 * dev.ancestral.server.onnx.adapt.Prefixed} puts a network into another graph.
 */
@NullMarked
package dev.ancestral.server.onnx.adapt;

import org.jspecify.annotations.NullMarked;
