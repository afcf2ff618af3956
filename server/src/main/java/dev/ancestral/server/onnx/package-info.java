/**
 * ONNX Runtime, and nothing else may import it: which device, one session a model, buffers that are
 * filled in place.
 *
 * <p>Start with {@link dev.ancestral.server.onnx.OnnxRuntime}, which opens files; an {@link
 * dev.ancestral.server.onnx.OnnxModel} is an open file with its metadata, and becomes the engine's
 * {@link dev.ancestral.server.onnx.OrtDenoiser}. A session is run and closed by one thread: closing
 * it during a run crashes the process.
 */
@NullMarked
package dev.ancestral.server.onnx;

import org.jspecify.annotations.NullMarked;
