package dev.ancestral.server.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import dev.ancestral.bundle.BundleException;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.onnx.TinyOnnx;
import dev.ancestral.server.repository.ModelLocation;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.server.repository.OpenModel;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scheduler configurations of others, through the whole service, against what diffusers makes of
 * them: {@code bench/python/scheduler_conformance.py} wrote the numbers. A request says no more
 * than its steps, so the class, its defaults and its keys are all read from the file.
 */
class DiffusersConformanceTest {
  /** Of the range of the samples; diffusers computes in single precision. */
  private static final double TOLERANCE = 1e-4;

  private static final OnnxRuntime RUNTIME = new OnnxRuntime(Device.cpu("a test"), 1);
  private static final JsonObject GOLDEN = golden();
  private static final List<Long> SHAPE = longs(GOLDEN.getAsJsonArray("shape"));
  private static final List<Long> ROW = SHAPE.subList(1, SHAPE.size());

  private final Path parent;

  DiffusersConformanceTest(@TempDir Path parent) {
    this.parent = parent;
  }

  @TestFactory
  Stream<DynamicTest> theService_drawsWhatDiffusersDraws() {
    return objects("cases")
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    golden.get("name").getAsString(), () -> requireTheSame(golden)));
  }

  private void requireTheSame(JsonObject golden) throws IOException {
    Path directory = directory(golden.getAsJsonObject("config"));
    List<SampleResponse> responses;
    try (OpenModel model = OpenModel.open(location(directory), RUNTIME);
        TestServer server =
            new TestServer(
                ModelRepository.of(
                    List.of(TestServer.model("theirs", model.bundle(), model.denoiser(4)))))) {
      responses = server.sample(request(golden.get("steps").getAsInt()));
    }
    double[] timesteps = doubles(golden.getAsJsonArray("timesteps"));
    double[] asked =
        responses.get(0).getAccepted().getTimestepsList().stream()
            .mapToDouble(Double::doubleValue)
            .toArray();
    assertArrayEquals(timesteps, asked, 1e-2, "timesteps");
    double[] expected = doubles(golden.getAsJsonArray("samples"));
    double range =
        Arrays.stream(expected).max().orElseThrow() - Arrays.stream(expected).min().orElseThrow();
    assertTrue(range > 0.01, "range of the golden samples: " + range);
    assertArrayEquals(expected, samples(responses), TOLERANCE * range, "samples");
  }

  @TestFactory
  Stream<DynamicTest> whatTheServiceCannotHonour_isRefusedByName() {
    return objects("refused")
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    golden.get("config").toString(),
                    () -> {
                      Path directory = directory(golden.getAsJsonObject("config"));
                      String key = golden.get("key").getAsString();
                      String message =
                          String.valueOf(
                              assertThrows(
                                      BundleException.class,
                                      () -> OpenModel.open(location(directory), RUNTIME).close())
                                  .getMessage());
                      assertTrue(
                          message.startsWith("scheduler/scheduler_config.json: " + key + ": "),
                          message);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> aClassThatSaysNothing_isTheClassWithItsDefaultsSpelledOut() {
    return GOLDEN.getAsJsonObject("defaults").entrySet().stream()
        .map(
            defaults ->
                DynamicTest.dynamicTest(
                    defaults.getKey(),
                    () -> {
                      JsonObject bare = new JsonObject();
                      bare.addProperty("_class_name", defaults.getKey());
                      JsonObject spelledOut = defaults.getValue().getAsJsonObject().deepCopy();
                      spelledOut.addProperty("_class_name", defaults.getKey());
                      assertEquals(
                          BundleFormat.read(directory(bare)),
                          BundleFormat.read(directory(spelledOut)));
                    }));
  }

  /** A directory of diffusers with a network without weights. */
  private Path directory(JsonObject config) throws IOException {
    JsonElement variance = config.get("variance_type");
    boolean learned =
        variance != null
            && variance.isJsonPrimitive()
            && variance.getAsString().startsWith("learned");
    long channels = ROW.get(0);
    JsonObject unet = new JsonObject();
    unet.addProperty("_class_name", "UNet2DModel");
    unet.addProperty("in_channels", channels);
    unet.addProperty("out_channels", learned ? 2 * channels : channels);
    unet.addProperty("sample_size", ROW.get(1));
    Path directory = Files.createTempDirectory(parent, "theirs");
    Files.createDirectories(directory.resolve("unet"));
    Files.createDirectories(directory.resolve("scheduler"));
    Files.write(directory.resolve("unet/model.onnx"), TinyOnnx.weightless(ROW, learned));
    Files.writeString(directory.resolve("unet/config.json"), unet.toString());
    Files.writeString(directory.resolve("scheduler/scheduler_config.json"), config.toString());
    return directory;
  }

  private static ModelLocation location(Path directory) {
    return new ModelLocation("theirs", directory, false);
  }

  private static SampleRequest request(int steps) {
    double[] inputs = doubles(GOLDEN.getAsJsonArray("inputs"));
    ByteBuffer bytes =
        ByteBuffer.allocate(inputs.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(inputs).forEach(input -> bytes.putFloat((float) input));
    return SampleRequest.newBuilder()
        .setNumSamples(Math.toIntExact(SHAPE.get(0)))
        .setSteps(steps)
        .setSeed(GOLDEN.get("seed").getAsLong())
        .setInitialNoise(
            Tensor.newBuilder().addAllShape(SHAPE).setFloat32(ByteString.copyFrom(bytes.array())))
        .build();
  }

  /** The numbers of all samples, in their order. */
  private static double[] samples(List<SampleResponse> responses) {
    return responses.stream()
        .filter(SampleResponse::hasSample)
        .map(SampleResponse::getSample)
        .sorted((a, b) -> Integer.compare(a.getSampleIndex(), b.getSampleIndex()))
        .flatMapToDouble(
            sample -> {
              ByteBuffer bytes =
                  sample
                      .getData()
                      .getFloat32()
                      .asReadOnlyByteBuffer()
                      .order(ByteOrder.LITTLE_ENDIAN);
              double[] numbers = new double[bytes.remaining() / Float.BYTES];
              Arrays.setAll(numbers, i -> bytes.getFloat(i * Float.BYTES));
              return Arrays.stream(numbers);
            })
        .toArray();
  }

  private static Stream<JsonObject> objects(String list) {
    return StreamSupport.stream(GOLDEN.getAsJsonArray(list).spliterator(), false)
        .map(JsonElement::getAsJsonObject);
  }

  private static List<Long> longs(JsonArray numbers) {
    return StreamSupport.stream(numbers.spliterator(), false).map(JsonElement::getAsLong).toList();
  }

  private static double[] doubles(JsonArray numbers) {
    return StreamSupport.stream(numbers.spliterator(), false)
        .mapToDouble(JsonElement::getAsDouble)
        .toArray();
  }

  private static JsonObject golden() {
    try (InputStream file =
        Objects.requireNonNull(
            DiffusersConformanceTest.class.getResourceAsStream("golden_schedulers.json"))) {
      return JsonParser.parseReader(new InputStreamReader(file, UTF_8)).getAsJsonObject();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
