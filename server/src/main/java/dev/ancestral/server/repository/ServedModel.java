package dev.ancestral.server.repository;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.server.engine.Engine;

/**
 * A loaded model.
 *
 * @param name what requests call it
 * @param bundle what it is
 * @param engine what runs it
 * @param device where, {@code cpu}, {@code cuda:0} or {@code tensorrt:0}
 * @param onnxBytes size of the ONNX file
 * @param networkSha256 of the ONNX file, in hexadecimal digits
 */
public record ServedModel(
    String name,
    Bundle bundle,
    Engine engine,
    String device,
    long onnxBytes,
    String networkSha256) {}
