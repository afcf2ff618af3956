/**
 * What a person could use instead: the network alone, in ONNX Runtime or in PyTorch, without a
 * server around it.
 */
@NullMarked
package dev.ancestral.bench.baseline;

import org.jspecify.annotations.NullMarked;
