package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.onnx.TinyOnnx;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.v1.FastDpmApproximation;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SolverType;
import dev.ancestral.v1.Tensor;
import dev.ancestral.v1.Variance;
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
  /** Pictures of three classes, from a network that learned its variance and has fitted chains. */
  private static final Bundle DIGITS =
      Bundles.fitted(
          Bundles.withVariance(
              Bundles.DIGITS, dev.ancestral.diffusion.sampler.Variance.LEARNED_RANGE),
          3,
          40);

  private static List<Sample> inOrder(List<SampleResponse> responses) {
    return responses.stream()
        .filter(SampleResponse::hasSample)
        .map(SampleResponse::getSample)
        .sorted(Comparator.comparingInt(Sample::getSampleIndex))
        .toList();
  }

  private static SampleRequest.Builder request(String model, String sampler) {
    return SampleRequest.newBuilder().setModel(model).setSampler(sampler).setSteps(40);
  }

  /** Every sampler, and what makes rows differ in what they keep, read and draw. */
  private static List<SampleRequest> requests() {
    List<SampleRequest.Builder> requests = new ArrayList<>();
    for (String sampler : Samplers.namesFor(DIGITS.model())) {
      requests.add(request("digits", sampler));
    }
    for (String sampler : Samplers.namesFor(Bundles.SCORE.model())) {
      requests.add(request("score", sampler).setSteps(4));
    }
    for (String sampler : Samplers.handMade()) {
      if (Samplers.of(sampler).fits(DIGITS.model())) {
        requests.add(request("digits", sampler).setGuidanceWeight(2).setGuidanceRescale(0.5));
      }
    }
    requests.add(request("digits", "fitted").setSteps(3));
    requests.add(request("digits", "fitted").setSteps(3).setGuidanceWeight(2.5));
    requests.add(request("digits", "").clearSteps());
    requests.add(request("digits", "ddpm").setVariance(Variance.VARIANCE_FIXED_LARGE));
    requests.add(request("digits", "ddim").setEta(0.7).setThresholdQuantile(0.9));
    requests.add(request("digits", "ddim").setRederiveEpsilon(false).setClip(false).setSteps(7));
    requests.add(request("digits", "dpmpp-2m").setKarras(true).setSteps(9));
    requests.add(
        request("digits", "unipc").setSolverOrder(3).setSolverType(SolverType.SOLVER_TYPE_BH1));
    requests.add(request("digits", "unipc").setSteps(5).setGuidanceWeight(3));
    requests.add(request("digits", "deis").setSolverOrder(3).setKarras(true).setSteps(9));
    requests.add(request("digits", "ipndm").setSolverOrder(2).setThresholdQuantile(0.9));
    requests.add(
        request("digits", "dpmpp-3m")
            .clearSteps()
            .addAllTimesteps(List.of(999.0, 845.5, 730.0, 587.25, 443.0, 310.0, 193.0, 9.5)));
    requests.add(
        request("digits", "ddpm").clearSteps().addAllTimesteps(List.of(999.0, 600.5, 200.0)));
    requests.add(
        request("digits", "fastdpm")
            .setApproximation(FastDpmApproximation.FAST_DPM_APPROXIMATION_VAR)
            .setKappa(0.5));
    requests.add(request("digits", "euler").setKarras(true).setSteps(23));
    List<SampleRequest> seeded = new ArrayList<>();
    for (SampleRequest.Builder request : requests) {
      int i = seeded.size();
      request.setSeed(i).setNumSamples(2 + i % 3);
      if (request.hasGuidanceWeight() || (request.getModel().equals("digits") && i % 2 == 0)) {
        request.addLabels(i % 3);
      }
      seeded.add(request.build());
    }
    return seeded;
  }

  @Test
  void requestsOfAllSamplersGiveTheSameBytes_aloneOrTogether(@TempDir Path models)
      throws Exception {
    TinyOnnx.bundle(models.resolve("digits"), DIGITS);
    TinyOnnx.bundle(models.resolve("score"), Bundles.SCORE);
    OnnxRuntime runtime = new OnnxRuntime(Device.cpu("a test"), 2);
    try (TestServer server =
        new TestServer(ModelRepository.load(models, runtime, EngineLimits.DEFAULTS))) {
      List<SampleRequest> requests = requests();
      List<List<Sample>> alone = new ArrayList<>();
      for (SampleRequest request : requests) {
        alone.add(inOrder(server.sample(request)));
      }
      List<SlowReader> readers = new ArrayList<>();
      for (SampleRequest request : requests) {
        SlowReader reader = new SlowReader();
        server.asyncSampler().sample(request, reader);
        readers.add(reader);
      }
      double rows = 0;
      for (int i = 0; i < requests.size(); i++) {
        List<SampleResponse> together = readers.get(i).takeAll();
        assertEquals(alone.get(i), inOrder(together), requests.get(i).toString());
        rows = Math.max(rows, together.get(together.size() - 1).getSummary().getMeanBatchRows());
      }
      assertTrue(rows > 8, "mean rows of a call: " + rows);
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
