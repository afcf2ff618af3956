/**
 * The benchmark of encoding frames, in the package of what it measures, whose class nobody else may
 * see.
 */
@NullMarked
package dev.ancestral.server.grpc;

import org.jspecify.annotations.NullMarked;
