/**
 * The client: a library over {@code ancestral.v1}, and the command {@code sample}.
 *
 * <p>Start with {@link dev.ancestral.client.AncestralClient}. Files and pictures are made in {@code
 * output}, arrays are read and written in {@code data}; neither knows gRPC calls. Nothing here may
 * need a native library: a client runs where no model can.
 */
@NullMarked
package dev.ancestral.client;

import org.jspecify.annotations.NullMarked;
