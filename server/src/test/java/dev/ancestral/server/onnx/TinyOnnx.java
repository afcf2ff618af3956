package dev.ancestral.server.onnx;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFiles;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.server.Bundles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A small network as a real ONNX file, for tests of what serves it: two layers (convolutions for
 * images, matrix products for points) with an embedding of timestep and label between them.
 */
public final class TinyOnnx {
  private static final int WIDTH = 8;
  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
  private static final int INT64 = TensorProto.DataType.INT64.getNumber();

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("tiny");
  private int weights;

  private TinyOnnx() {}

  /** Writes a bundle whose network fits its description. */
  public static Path bundle(Path directory, Bundle bundle) {
    return publish(directory, bundle, model(bundle, BundleFormat.metadata(bundle)));
  }

  /**
   * Writes a bundle whose network is the exact score of points from a normal distribution, noised
   * to the levels of the bundle's schedule: s = -(x - mean)/(variance + σ_t²).
   */
  public static Path gaussianScore(Path directory, Bundle bundle, float[] mean, float variance) {
    TinyOnnx tiny = new TinyOnnx();
    tiny.buildGaussianScore(bundle, mean, variance);
    return publish(directory, bundle, tiny.bytes(BundleFormat.metadata(bundle)));
  }

  private static Path publish(Path directory, Bundle bundle, byte[] model) {
    try {
      BundleFormat.publish(
          directory,
          bundle,
          new BundleFiles(out -> out.write(model), Map.of("_class_name", "Tiny"), null, null));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a lone file. */
  public static Path file(Path file, Bundle bundle, Map<String, String> metadata) {
    try {
      return Files.write(file, model(bundle, metadata));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of a network that fits the description, with these metadata. */
  public static byte[] model(Bundle bundle, Map<String, String> metadata) {
    Conditioning conditioning = bundle.conditioning();
    List<Long> shape = bundle.data().shape();
    TinyOnnx tiny = new TinyOnnx();
    List<Long> output = new ArrayList<>(shape);
    if (bundle.scheduler().variance().isLearned()) {
      output.set(0, 2 * shape.get(0));
    }
    tiny.build(shape, output, conditioning == null ? 0 : conditioning.numClasses() + 1);
    return tiny.bytes(metadata);
  }

  /**
   * The bytes of a network without weights for pictures of this shape: x·(t + 4)/(t + 20), and x/5
   * for the variance half if it has one.
   */
  public static byte[] weightless(List<Long> shape, boolean learnsVariance) {
    TinyOnnx tiny = new TinyOnnx();
    tiny.graph.addInput(value("sample", FLOAT, shape));
    tiny.graph.addInput(value("timestep", FLOAT, List.of()));
    tiny.node("Unsqueeze", "t", "timestep", tiny.ints("axes123", 1, 2, 3));
    tiny.node("Add", "above", "t", tiny.floats("four", new float[] {4}, 1));
    tiny.node("Add", "below", "t", tiny.floats("twenty", new float[] {20}, 1));
    tiny.node("Div", "factor", "above", "below");
    String mean = learnsVariance ? "mean" : "out_sample";
    tiny.node("Mul", mean, "sample", "factor");
    List<Long> output = new ArrayList<>(shape);
    if (learnsVariance) {
      output.set(0, 2 * shape.get(0));
      tiny.node("Div", "variance", "sample", tiny.floats("five", new float[] {5}, 1));
      tiny.node("Concat", "out_sample", mean, "variance")
          .addAttribute(
              AttributeProto.newBuilder()
                  .setName("axis")
                  .setType(AttributeProto.AttributeType.INT)
                  .setI(1));
    }
    tiny.graph.addOutput(value("out_sample", FLOAT, output));
    return tiny.bytes(Map.of());
  }

  private byte[] bytes(Map<String, String> metadata) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .setProducerName("tiny")
            .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(17))
            .setGraph(graph);
    metadata.forEach((key, value) -> model.addMetadataPropsBuilder().setKey(key).setValue(value));
    return model.build().toByteArray();
  }

  /** The bytes of a network whose weights lie in another file. */
  public static byte[] withWeightsIn(String location) {
    ModelProto.Builder model;
    try {
      model =
          ModelProto.parseFrom(
              model(Bundles.UNCONDITIONAL, BundleFormat.metadata(Bundles.UNCONDITIONAL)))
              .toBuilder();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    model.getGraphBuilder().getInitializerBuilderList().stream()
        .filter(TensorProto.Builder::hasRawData)
        .forEach(
            weight ->
                weight
                    .clearRawData()
                    .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(
                        OnnxMl.StringStringEntryProto.newBuilder()
                            .setKey("location")
                            .setValue(location)));
    return model.build().toByteArray();
  }

  /** The same network with its weights in that file, beside the one that it is read from. */
  public static byte[] movedWeights(byte[] network, Path data) {
    try (OutputStream out = Files.newOutputStream(data)) {
      ModelProto.Builder model = ModelProto.parseFrom(network).toBuilder();
      long offset = 0;
      for (TensorProto.Builder weight : model.getGraphBuilder().getInitializerBuilderList()) {
        if (weight.hasRawData()) {
          ByteString bytes = weight.getRawData();
          bytes.writeTo(out);
          weight.clearRawData().setDataLocation(TensorProto.DataLocation.EXTERNAL);
          weight.addExternalDataBuilder().setKey("location").setValue("" + data.getFileName());
          weight.addExternalDataBuilder().setKey("offset").setValue("" + offset);
          weight.addExternalDataBuilder().setKey("length").setValue("" + bytes.size());
          offset += bytes.size();
        }
      }
      return model.build().toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void build(List<Long> shape, List<Long> output, int embeddings) {
    boolean image = shape.size() == 3;
    long features = shape.get(0);
    graph.addInput(value("sample", FLOAT, shape));
    graph.addInput(value("timestep", FLOAT, List.of()));
    node("Unsqueeze", "t1", "timestep", ints("axis1", 1));
    node("Mul", "t2", "t1", weight("frequencies", 1, WIDTH));
    node("Sin", "t3", "t2");
    node("MatMul", "t4", "t3", weight("time", WIDTH, WIDTH));
    String embedding = "t4";
    if (embeddings > 0) {
      graph.addInput(value("class_labels", INT64, List.of()));
      node("Gather", "c1", weight("classes", embeddings, WIDTH), "class_labels");
      node("Add", "c2", "t4", "c1");
      embedding = "c2";
    }
    if (image) {
      node("Unsqueeze", "e", embedding, ints("axes23", 2, 3));
      embedding = "e";
      conv("h1", "sample", weight("conv1", WIDTH, features, 3, 3));
    } else {
      node("MatMul", "h1", "sample", weight("linear1", features, WIDTH));
    }
    node("Add", "h2", "h1", embedding);
    node("Sigmoid", "h3", "h2");
    node("Mul", "h4", "h2", "h3");
    if (image) {
      conv("out_sample", "h4", weight("conv2", output.get(0), WIDTH, 3, 3));
    } else {
      node("MatMul", "out_sample", "h4", weight("linear2", WIDTH, output.get(0)));
    }
    graph.addOutput(value("out_sample", FLOAT, output));
  }

  private void buildGaussianScore(Bundle bundle, float[] mean, float variance) {
    List<Long> shape = bundle.data().shape();
    double[] sigmas = bundle.scheduler().schedule().sigmas();
    float[] variances = new float[sigmas.length];
    for (int t = 0; t < sigmas.length; t++) {
      variances[t] = (float) (variance + sigmas[t] * sigmas[t]);
    }
    graph.addInput(value("sample", FLOAT, shape));
    graph.addInput(value("timestep", FLOAT, List.of()));
    node("Cast", "level", "timestep")
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(INT64));
    node("Gather", "v1", floats("variances", variances, variances.length), "level");
    node("Unsqueeze", "v2", "v1", ints("axis1", 1));
    node("Sub", "d", floats("mean", mean, mean.length), "sample");
    node("Div", "out_sample", "d", "v2");
    graph.addOutput(value("out_sample", FLOAT, shape));
  }

  private NodeProto.Builder node(String operator, String output, String... inputs) {
    return graph
        .addNodeBuilder()
        .setOpType(operator)
        .setName(output)
        .addAllInput(Arrays.asList(inputs))
        .addOutput(output);
  }

  private void conv(String output, String input, String kernel) {
    node("Conv", output, input, kernel)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("pads")
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(List.of(1L, 1L, 1L, 1L)));
  }

  private String weight(String name, long... dims) {
    float[] values = new float[Math.toIntExact(Arrays.stream(dims).reduce(1, Math::multiplyExact))];
    GaussianNoise.fill(values, 1, NoisePurpose.WEIGHTS, weights++, 0);
    for (int i = 0; i < values.length; i++) {
      values[i] *= 0.3f;
    }
    return floats(name, values, dims);
  }

  private String floats(String name, float[] values, long... dims) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(FLOAT)
            .addAllDims(Arrays.stream(dims).boxed().toList())
            .setRawData(ByteString.copyFrom(bytes.array())));
    return name;
  }

  private String ints(String name, long... values) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(INT64)
            .addDims(values.length)
            .addAllInt64Data(Arrays.stream(values).boxed().toList()));
    return name;
  }

  private static ValueInfoProto value(String name, int type, List<Long> row) {
    OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("batch");
    new ArrayList<>(row).forEach(size -> shape.addDimBuilder().setDimValue(size));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            OnnxMl.TypeProto.newBuilder()
                .setTensorType(
                    OnnxMl.TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }
}
