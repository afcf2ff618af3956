/**
 * The bundle: the directory in which exporter and server meet, in the layout that users of
 * diffusers know.
 *
 * <p>{@link dev.ancestral.bundle.BundleFormat} owns its reading, its writing and its version;
 * {@link dev.ancestral.bundle.Bundle} is what it says. ONNX itself is not read here: the file's own
 * metadata arrive as a map.
 */
@NullMarked
package dev.ancestral.bundle;

import org.jspecify.annotations.NullMarked;
