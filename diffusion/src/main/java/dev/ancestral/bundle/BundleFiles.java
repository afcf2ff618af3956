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
 * @param preview writes a PNG of samples; null for none
 */
public record BundleFiles(
    AtomicFile.Writer model, Map<String, ?> unetConfig, AtomicFile.@Nullable Writer preview) {}
