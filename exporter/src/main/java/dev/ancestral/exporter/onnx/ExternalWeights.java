package dev.ancestral.exporter.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Weights that lie in other files: these are in the directory of the ONNX file, or below it. */
final class ExternalWeights {
  private ExternalWeights() {}

  /**
   * Checks where they lie; none is read.
   *
   * @throws IllegalArgumentException naming the weight and what is wrong
   */
  static void check(Path model, GraphProto graph) throws IOException {
    Path directory = model.toRealPath().resolveSibling("");
    for (TensorProto tensor : (Iterable<TensorProto>) tensors(graph)::iterator) {
      if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        check(directory, tensor);
      }
    }
  }

  private static Stream<TensorProto> tensors(GraphProto graph) {
    return Stream.concat(
        graph.getInitializerList().stream(),
        graph.getNodeList().stream()
            .map(NodeProto::getAttributeList)
            .flatMap(attributes -> attributes.stream().flatMap(ExternalWeights::tensors)));
  }

  private static Stream<TensorProto> tensors(AttributeProto attribute) {
    Stream<TensorProto> own =
        Stream.concat(Stream.of(attribute.getT()), attribute.getTensorsList().stream());
    Stream<GraphProto> graphs =
        Stream.concat(Stream.of(attribute.getG()), attribute.getGraphsList().stream());
    return Stream.concat(own, graphs.flatMap(ExternalWeights::tensors));
  }

  private static void check(Path directory, TensorProto tensor) throws IOException {
    String location =
        tensor.getExternalDataList().stream()
            .filter(entry -> entry.getKey().equals("location"))
            .map(StringStringEntryProto::getValue)
            .findFirst()
            .orElse("");
    Path file;
    try {
      file = directory.resolve(location).normalize();
    } catch (InvalidPathException e) {
      throw wrong(tensor, location, "is no path");
    }
    if (Path.of(location).isAbsolute() || !file.startsWith(directory)) {
      throw wrong(tensor, location, "leaves the file's directory");
    }
    if (!Files.isRegularFile(file)) {
      throw wrong(tensor, location, "is missing");
    }
    if (!file.toRealPath().startsWith(directory)) {
      throw wrong(tensor, location, "is a link that leaves the file's directory");
    }
  }

  private static IllegalArgumentException wrong(
      TensorProto tensor, String location, String problem) {
    return new IllegalArgumentException(
        "weights %s in %s: %s (expected: a file in its directory)"
            .formatted(tensor.getName(), location, problem));
  }
}
