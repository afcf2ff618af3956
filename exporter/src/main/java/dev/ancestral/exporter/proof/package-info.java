/**
 * The proof that an exported network equals the trained one: both predict the same things.
 *
 * <p>Start with {@link dev.ancestral.exporter.proof.EqualityProof}. ONNX Runtime is imported here
 * and nowhere else in this module. What may not live here: tracing, files of a bundle.
 */
@NullMarked
package dev.ancestral.exporter.proof;

import org.jspecify.annotations.NullMarked;
