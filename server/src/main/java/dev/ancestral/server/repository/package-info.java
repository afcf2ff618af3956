/**
 * The models being served: which directories are bundles, what they say, and the engine of each.
 *
 * <p>Start with {@link dev.ancestral.server.repository.ModelRepository}. The bundle's format is
 * {@code dev.ancestral.bundle}'s; gRPC is not known here.
 */
@NullMarked
package dev.ancestral.server.repository;

import org.jspecify.annotations.NullMarked;
