package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.onnx.TinyOnnx;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.Tensor;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With the real ONNX Runtime. */
@Timeout(60)
final class DeterminismTest {
  private static List<Sample> inOrder(List<SampleResponse> responses) {
    return responses.stream()
        .filter(SampleResponse::hasSample)
        .map(SampleResponse::getSample)
        .sorted(Comparator.comparingInt(Sample::getSampleIndex))
        .toList();
  }

  @Test
  void theSameRequestGivesTheSameBytes_aloneOrWhileOthersRun(@TempDir Path models)
      throws Exception {
    TinyOnnx.bundle(models.resolve("digits"), Bundles.DIGITS);
    OnnxRuntime runtime = new OnnxRuntime(Device.cpu("a test"), 2);
    try (TestServer server =
        new TestServer(ModelRepository.load(models, runtime, EngineLimits.DEFAULTS))) {
      SampleRequest request =
          SampleRequest.newBuilder()
              .setSeed(11)
              .setNumSamples(5)
              .setSampler("ddpm")
              .setSteps(60)
              .addLabels(1)
              .build();
      List<SampleResponse> alone = server.sample(request);
      List<SlowReader> others = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        SlowReader other = new SlowReader();
        server
            .asyncSampler()
            .sample(
                SampleRequest.newBuilder()
                    .setSeed(i)
                    .setNumSamples(1 + i)
                    .setSampler(i % 2 == 0 ? "ddim" : "ddpm")
                    .setSteps(17 + 40 * i)
                    .build(),
                other);
        other.awaitAccepted();
        others.add(other);
      }
      List<SampleResponse> amongOthers = server.sample(request);
      for (SlowReader other : others) {
        other.takeAll();
      }
      double rows = amongOthers.get(amongOthers.size() - 1).getSummary().getMeanBatchRows();
      assertTrue(rows > 5, "mean rows of a call: " + rows);
      assertEquals(inOrder(alone), inOrder(amongOthers));
    }
  }

  @Test
  void aSampleThatOverflowsFailsItsRequestAlone_andTheOthersBytesStay(@TempDir Path models)
      throws Exception {
    TinyOnnx.bundle(models.resolve("digits"), Bundles.DIGITS);
    OnnxRuntime runtime = new OnnxRuntime(Device.cpu("a test"), 2);
    try (TestServer server =
        new TestServer(ModelRepository.load(models, runtime, EngineLimits.DEFAULTS))) {
      SampleRequest request =
          SampleRequest.newBuilder().setSeed(11).setNumSamples(5).setSteps(200).build();
      List<SampleResponse> alone = server.sample(request);
      ByteBuffer huge = ByteBuffer.allocate(2 * 64 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      while (huge.hasRemaining()) {
        huge.putFloat(huge.position() < 64 * Float.BYTES ? 0 : Float.MAX_VALUE);
      }
      SampleRequest overflowing =
          SampleRequest.newBuilder()
              .setNumSamples(2)
              .setInitialNoise(
                  Tensor.newBuilder()
                      .addAllShape(List.of(2L, 1L, 8L, 8L))
                      .setFloat32(ByteString.copyFrom(huge.array())))
              .build();
      SlowReader good = new SlowReader();
      server.asyncSampler().sample(request, good);
      good.awaitAccepted();
      StatusRuntimeException e =
          assertThrows(StatusRuntimeException.class, () -> server.sample(overflowing));
      assertEquals(
          "prediction: not finite for sample 1 at step 0 (timestep 999.0); the chain cannot go on",
          e.getStatus().getDescription());
      assertEquals(inOrder(alone), inOrder(good.takeAll()));
    }
  }
}
