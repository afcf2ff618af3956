/**
 * A sampler that is fitted to its network: least squares against the chains of a teacher, which
 * takes a hundred calls where the fitted one takes four.
 *
 * <p>Start with {@link dev.ancestral.exporter.fit.BundleFit}. The mathematics is in {@code
 * ChainFit}, one step in {@code Walk}, the regression in {@code NormalEquations}. What may not live
 * here: ONNX Runtime, which is behind {@code Network}; the format of what is written, which is the
 * bundle's.
 */
@NullMarked
package dev.ancestral.exporter.fit;

import org.jspecify.annotations.NullMarked;
