/**
 * Runs a DJL {@code Block} with arrays that record what is done to them.
 *
 * <p>What lives here: traced arrays and managers (proxies that hold real ones), the recording they
 * write, and the comparison of two recordings at different batch sizes, which says what depends on
 * the batch. What may not: any word about ONNX operators, except a tensor's type. Start with {@link
 * dev.ancestral.exporter.trace.Tracer}; its result is a {@link
 * dev.ancestral.exporter.trace.CallGraph}.
 */
@NullMarked
package dev.ancestral.exporter.trace;

import org.jspecify.annotations.NullMarked;
