package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.ForeignOnnx;
import dev.ancestral.server.onnx.ForeignOnnx.Style;
import dev.ancestral.server.onnx.ForeignOnnx.Timesteps;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.onnx.TinyOnnx;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One network in the files of several exporters, through the service and the real ONNX Runtime. */
@Timeout(60)
final class AdaptedModelsTest {
  private static final OnnxRuntime RUNTIME = new OnnxRuntime(Device.cpu("a test"), 1);

  /** So that a call of any of them has one row, and the same kernels run. */
  private static final EngineLimits ONE = new EngineLimits(1, 64);

  private static final Bundle CLASSES =
      Bundles.bundle(Bundles.DIGITS.data(), new Conditioning(3, List.of(), null), Recommended.NONE);

  private final Path models;

  AdaptedModelsTest(@TempDir Path models) {
    this.models = models;
  }

  private Path write(String name, Bundle bundle, Style style) {
    return ForeignOnnx.directory(models.resolve(name), bundle, ForeignOnnx.model(bundle, style));
  }

  @BeforeEach
  void one() {
    write("ours", Bundles.UNCONDITIONAL, Style.OURS);
  }

  private static List<ByteString> samples(TestServer server, String model, String sampler) {
    SampleRequest.Builder request =
        SampleRequest.newBuilder()
            .setModel(model)
            .setSampler(sampler)
            .setSteps(7)
            .setSeed(5)
            .setNumSamples(3);
    if (server.repository().find(model).orElseThrow().bundle().conditioning() != null) {
      request.addAllLabels(List.of(2, 0, 1));
    }
    return server.sample(request.build()).stream()
        .filter(response -> response.hasSample())
        .map(response -> response.getSample())
        .sorted(Comparator.comparingInt(Sample::getSampleIndex))
        .map(sample -> sample.getData().getFloat32())
        .toList();
  }

  private void assertTheSame(Set<String> names, String expected) throws IOException {
    try (TestServer server = new TestServer(ModelRepository.load(models, RUNTIME, ONE))) {
      assertEquals(List.of(), server.repository().problems());
      for (String sampler : List.of("ddpm", "ddim", "dpmpp-2m")) {
        List<ByteString> plain = samples(server, expected, sampler);
        assertEquals(3, plain.size());
        for (String name : names) {
          assertEquals(plain, samples(server, name, sampler), name + " with " + sampler);
        }
      }
    }
  }

  @Test
  void everySignatureGivesTheSameBytes() throws IOException {
    Style theirs = Style.OURS.named("x", "t", "y", "eps");
    Map<String, Style> styles =
        new TreeMap<>(
            Map.of(
                "renamed", theirs,
                "whole", Style.OURS.with(DataType.INT64, Timesteps.BATCH),
                "whole-one", theirs.with(DataType.INT64, Timesteps.ONE),
                "whole-scalar", theirs.with(DataType.INT64, Timesteps.SCALAR),
                "scalar", Style.OURS.with(DataType.FLOAT, Timesteps.SCALAR),
                "one", Style.OURS.with(DataType.FLOAT, Timesteps.ONE),
                "one-row", Style.OURS.ofOneRow(),
                "all", theirs.with(DataType.INT64, Timesteps.SCALAR).ofOneRow()));
    styles.forEach((name, style) -> write(name, Bundles.UNCONDITIONAL, style));
    assertTheSame(styles.keySet(), "ours");
  }

  @Test
  void labelsReachTheirInput() throws IOException {
    write("classes", CLASSES, Style.OURS);
    Style theirs = Style.OURS.named("x", "t", "y", "eps").with(DataType.INT64, Timesteps.BATCH);
    write("renamed", CLASSES, theirs);
    write("one-row", CLASSES, theirs.ofOneRow());
    assertTheSame(Set.of("renamed", "one-row"), "classes");
  }

  @Test
  void weightsInAnotherFileAreFound() throws IOException {
    Style style = Style.OURS.named("x", "t", "y", "eps").with(DataType.INT64, Timesteps.SCALAR);
    Path model = write("apart", Bundles.UNCONDITIONAL, style).resolve("unet/model.onnx");
    byte[] whole = Files.readAllBytes(model);
    Files.write(model, TinyOnnx.movedWeights(whole, model.resolveSibling("model.onnx.data")));
    assertTrue(Files.size(model) < whole.length);
    assertTheSame(Set.of("apart"), "ours");
  }

  @Test
  void rowsDoNotShareCalls_whereACallTakesOneTimestep() throws IOException {
    write("scalar", Bundles.UNCONDITIONAL, Style.OURS.with(DataType.INT64, Timesteps.SCALAR));
    List<ByteString> alone;
    try (TestServer server = new TestServer(ModelRepository.load(models, RUNTIME, ONE))) {
      alone = samples(server, "scalar", "ddim");
    }
    try (TestServer server =
        new TestServer(ModelRepository.load(models, RUNTIME, EngineLimits.DEFAULTS))) {
      var engines = server.repository();
      assertEquals(1, engines.find("scalar").orElseThrow().engine().costCurve().maxRows());
      assertEquals(16, engines.find("ours").orElseThrow().engine().costCurve().maxRows());
      assertEquals(alone, samples(server, "scalar", "ddim"));
    }
  }

  @Test
  void samplersThatVisitFractionsAreRefused_whereTimestepsAreWhole() throws IOException {
    write("whole", Bundles.UNCONDITIONAL, Style.OURS.with(DataType.INT64, Timesteps.BATCH));
    try (TestServer server = new TestServer(ModelRepository.load(models, RUNTIME, ONE))) {
      assertTrue(server.repository().find("ours").orElseThrow().bundle().continuousTimesteps());
      assertFalse(server.repository().find("whole").orElseThrow().bundle().continuousTimesteps());
      SampleRequest fractions =
          SampleRequest.newBuilder().setSampler("euler").setSteps(7).setKarras(true).build();
      server.sample(fractions.toBuilder().setModel("ours").build());
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () -> server.sample(fractions.toBuilder().setModel("whole").build()));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("whole timesteps"), refused::toString);
    }
  }

  @Test
  void whatCannotBeAdaptedIsNamed_andTheOthersAreServed() throws IOException {
    write("double", Bundles.UNCONDITIONAL, Style.OURS.with(DataType.DOUBLE, Timesteps.BATCH));
    try (ModelRepository repository = ModelRepository.load(models, RUNTIME, ONE)) {
      assertEquals(Set.of("ours"), repository.names());
      assertEquals(
          List.of(
              "model double: model.onnx: inputs: sample float32 [batch, 1, 8, 8]; timestep float64 [batch] (expected: the state float32 [batch, 1, 8, 8]; the timestep float32 or int64 [batch], [1] or [])"),
          repository.problems());
    }
  }
}
