/**
 * The process: configuration, start, drain, close.
 *
 * <p>Start with {@link dev.ancestral.server.ops.AncestralServer}. What a request means is decided
 * elsewhere.
 */
@NullMarked
package dev.ancestral.server.ops;

import org.jspecify.annotations.NullMarked;
