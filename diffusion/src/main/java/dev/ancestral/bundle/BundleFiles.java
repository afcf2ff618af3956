package dev.ancestral.bundle;

import dev.ancestral.files.AtomicFile;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a bundle that others write.
 *
 * @param model writes the ONNX file
 * @param unetConfig the network's configuration in diffusers' keys: values are strings, numbers,
 *     booleans, lists
 * @param weights writes the network's weights as diffusers loads them; null where it has no such
 *     network
 * @param preview writes a PNG of samples; null for none
 */
public record BundleFiles(
    AtomicFile.Writer model,
    Map<String, ?> unetConfig,
    AtomicFile.@Nullable Writer weights,
    AtomicFile.@Nullable Writer preview) {}
