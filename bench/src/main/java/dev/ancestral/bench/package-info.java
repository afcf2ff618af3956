/**
 * The benchmark: {@code bench}. It starts servers, puts load on them over the wire, and measures
 * what a person could use instead in the same run.
 *
 * <p>{@link dev.ancestral.bench.scenario.Scenarios} is the list of what is measured; the packages
 * beside it are its tools. ONNX Runtime is known in {@link dev.ancestral.bench.baseline} alone.
 */
@NullMarked
package dev.ancestral.bench;

import org.jspecify.annotations.NullMarked;
