package dev.ancestral.exporter.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.ancestral.bundle.signature.Declared;
import dev.ancestral.bundle.signature.Declared.Dimension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What an ONNX file holds, whoever wrote it.
 *
 * @param producer the program that wrote it
 * @param opset version of the operator set
 * @param inputs what callers give
 * @param outputs what callers get
 * @param operators how often each occurs, the most frequent first
 * @param weights how many numbers the initializers hold, by their type, the most frequent first;
 *     but for int64, which are shapes and indices
 * @param metadata {@code metadata_props}
 */
public record OnnxSummary(
    String producer,
    long opset,
    List<Declared> inputs,
    List<Declared> outputs,
    Map<String, Long> operators,
    Map<String, Long> weights,
    Map<String, String> metadata) {

  /** How many operations there are. */
  public long nodes() {
    return operators.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Reads a file, but not the weights that lie in others.
   *
   * @throws IllegalArgumentException naming the file, if it is no ONNX model, or its weights lie
   *     elsewhere than in its directory
   * @throws IOException if it cannot be read
   */
  public static OnnxSummary of(Path file) throws IOException {
    try {
      ModelProto model = parse(Files.readAllBytes(file));
      ExternalWeights.check(file, model.getGraph());
      return of(model);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static ModelProto parse(byte[] file) {
    try {
      ModelProto model = ModelProto.parseFrom(file);
      if (model.getGraph().getNodeCount() == 0) {
        throw new IllegalArgumentException("is no ONNX file: it has no nodes");
      }
      return model;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("is no ONNX file: " + e.getMessage(), e);
    }
  }

  private static OnnxSummary of(ModelProto model) {
    GraphProto graph = model.getGraph();
    Set<String> initialized =
        graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
    Map<String, String> metadata = new TreeMap<>();
    model.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
    return new OnnxSummary(
        (model.getProducerName() + " " + model.getProducerVersion()).strip(),
        model.getOpsetImportList().stream()
            .filter(set -> set.getDomain().isEmpty())
            .mapToLong(set -> set.getVersion())
            .findFirst()
            .orElse(0),
        graph.getInputList().stream()
            .filter(input -> !initialized.contains(input.getName()))
            .map(OnnxSummary::declared)
            .toList(),
        graph.getOutputList().stream().map(OnnxSummary::declared).toList(),
        countOperators(graph),
        countWeights(graph),
        metadata);
  }

  private static Map<String, Long> countOperators(GraphProto graph) {
    return mostFrequentFirst(
        graph.getNodeList().stream()
            .collect(
                Collectors.groupingBy(NodeProto::getOpType, TreeMap::new, Collectors.counting())));
  }

  private static Map<String, Long> countWeights(GraphProto graph) {
    return mostFrequentFirst(
        graph.getInitializerList().stream()
            .filter(tensor -> tensor.getDataType() != ElementType.INT64.code())
            .collect(
                Collectors.groupingBy(
                    tensor -> ElementType.labelOf(tensor.getDataType()),
                    TreeMap::new,
                    Collectors.summingLong(tensor -> Tensor.elements(tensor.getDimsList())))));
  }

  private static Map<String, Long> mostFrequentFirst(Map<String, Long> counts) {
    Map<String, Long> ordered = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    return ordered;
  }

  private static Declared declared(ValueInfoProto value) {
    if (!value.getType().hasTensorType()) {
      return new Declared(value.getName(), "no tensor", List.of());
    }
    var type = value.getType().getTensorType();
    return new Declared(
        value.getName(),
        ElementType.labelOf(type.getElemType()),
        type.getShape().getDimList().stream().map(OnnxSummary::dimension).toList());
  }

  private static Dimension dimension(TensorShapeProto.Dimension dimension) {
    return dimension.hasDimValue()
        ? Dimension.of(dimension.getDimValue())
        : Dimension.free(dimension.getDimParam());
  }
}
