package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.BatchInvariance;
import dev.ancestral.server.engine.Calibration;
import dev.ancestral.server.engine.CostCurve;
import dev.ancestral.server.engine.DeviceShare;
import dev.ancestral.server.engine.Engine;
import dev.ancestral.server.engine.EngineSetup;
import dev.ancestral.server.engine.FakeDenoiser;
import dev.ancestral.server.engine.FakeTicker;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.server.repository.ServedModel;
import dev.ancestral.v1.CallTime;
import dev.ancestral.v1.GetModelRequest;
import dev.ancestral.v1.ListModelsRequest;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.SampleRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ModelsServiceTest {
  private final TestServer server =
      new TestServer(
          ModelRepository.of(
              List.of(
                  model("points", Bundles.POINTS),
                  model("digits", Bundles.DIGITS),
                  model("score", Bundles.SCORE))));

  private static ServedModel model(String name, Bundle bundle) {
    return TestServer.model(
        name, bundle, new FakeDenoiser(bundle.data().shape(), bundle.conditioning() != null, 4));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private StatusRuntimeException refusal(String name) {
    return assertThrows(
        StatusRuntimeException.class,
        () -> server.models().getModel(GetModelRequest.newBuilder().setName(name).build()));
  }

  private Model model(String name) {
    return server.models().getModel(GetModelRequest.newBuilder().setName(name).build());
  }

  @Test
  void modelsAreListedInTheOrderOfTheirNames() {
    List<Model> models =
        server.models().listModels(ListModelsRequest.getDefaultInstance()).getModelsList();
    assertEquals(
        List.of("digits", "points", "score"), models.stream().map(Model::getName).toList());
  }

  @Test
  void aModelSaysWhatARequestMustKnow() {
    Model digits = model("digits");
    assertEquals(List.of(1L, 8L, 8L), digits.getDataShapeList());
    assertEquals(3, digits.getNumClasses());
    assertEquals(List.of("zero", "one", "two"), digits.getClassNamesList());
    assertTrue(digits.getHasNullLabel() && digits.getTakesGuidance());
    assertEquals(3, digits.getNullLabel());
    assertEquals(1, digits.getDefaultGuidanceWeight());
    assertEquals(0, digits.getDefaultGuidanceRescale());
    assertEquals("fixed_small", digits.getVarianceType());
    assertFalse(digits.getLearnsVariance());
    assertTrue(digits.getContinuousTimesteps());
    assertEquals("epsilon", digits.getPredictionType());
    assertEquals(
        List.of(
            "ddpm", "ddim", "dpmpp-2m", "dpmpp-3m", "unipc", "deis", "ipndm", "fastdpm", "euler"),
        digits.getSamplersList());
    assertEquals("ddim", digits.getDefaultSampler());
    assertEquals(50, digits.getDefaultSteps());
    assertEquals("linear", digits.getSchedule().getName());
    assertEquals(1000, digits.getSchedule().getNumTrainTimesteps());
    assertEquals(1000, digits.getSchedule().getBetasCount());
    assertEquals(4.0e-5, digits.getSchedule().getFinalSnr(), 1e-6);
    assertEquals("cpu", digits.getDevice());
    assertEquals(1234, digits.getOnnxBytes());
    assertEquals(TestServer.NETWORK_SHA256, digits.getNetworkSha256());
    assertEquals(digits, model("Digits"));
    assertEquals(Map.of("made_by", "a test"), digits.getProvenanceMap());
    assertEquals(32, digits.getQueueCapacity());
    assertEquals(0, digits.getQueueRows());
    Model points = model("points");
    assertFalse(points.getHasNullLabel() || points.hasNullLabel() || points.getTakesGuidance());
    assertEquals("ddpm", points.getDefaultSampler());
    assertEquals(40, points.getDefaultSteps());
  }

  @Test
  void aScoreModelTellsItsNoiseLevels_andHasNoBetas() {
    Model score = model("score");
    assertEquals("score", score.getPredictionType());
    assertFalse(score.getContinuousTimesteps());
    assertEquals(List.of(0.1, 0.4, 1.6, 6.4), score.getSchedule().getSigmasList());
    assertEquals(0, score.getSchedule().getBetasCount());
    assertEquals(4, score.getSchedule().getNumTrainTimesteps());
    assertEquals(1 / (6.4 * 6.4), score.getSchedule().getFinalSnr(), 1e-12);
    assertEquals(0, model("digits").getSchedule().getSigmasCount());
  }

  @Test
  void aModelSaysOfEachSamplerWhatItTakes_andWhatThatIsByDefault() {
    Model score = model("score");
    List<String> names = score.getSamplersList();
    assertEquals(
        names, score.getSamplerDefaultsList().stream().map(SampleRequest::getSampler).toList());
    assertEquals(
        SampleRequest.newBuilder()
            .setSampler("langevin")
            .setSteps(10)
            .setClip(false)
            .setStepSize(1e-3)
            .setDecay(0.9)
            .setTemperature(1)
            .build(),
        score.getSamplerDefaults(names.indexOf("langevin")));
  }

  private static Model calibrated(BatchInvariance invariance) {
    CostCurve curve =
        new CostCurve(4, List.of(new CostCurve.Point(1, 2.5), new CostCurve.Point(4, 8)));
    Bundle bundle = Bundles.POINTS;
    Engine engine =
        Engine.start(
            new EngineSetup(
                "points",
                new FakeDenoiser(bundle.data().shape(), false, 4),
                TestServer.LIMITS,
                denoiser -> new Calibration(curve, invariance),
                new DeviceShare(),
                new FakeTicker()));
    ServedModel served =
        new ServedModel("points", bundle, engine, "cpu", 1234, TestServer.NETWORK_SHA256);
    try (TestServer server = new TestServer(ModelRepository.of(List.of(served)))) {
      return server.models().getModel(GetModelRequest.getDefaultInstance());
    }
  }

  @Test
  void aModelTellsWhatACallTakes_andWhetherRowsKeepTheirBits() {
    Model model = calibrated(BatchInvariance.VERIFIED);
    assertEquals(
        List.of(
            CallTime.newBuilder().setRows(1).setMs(2.5).build(),
            CallTime.newBuilder().setRows(4).setMs(8).build()),
        model.getCallTimesList());
    assertTrue(model.hasBatchInvariant() && model.getBatchInvariant());
    Model broken = calibrated(BatchInvariance.BROKEN);
    assertTrue(broken.hasBatchInvariant() && !broken.getBatchInvariant());
    assertFalse(calibrated(BatchInvariance.UNVERIFIED).hasBatchInvariant());
    assertEquals(List.of(), model("points").getCallTimesList(), "nothing was measured");
  }

  @Test
  void anUnknownModelIsNotFound() {
    assertEquals(Status.Code.NOT_FOUND, refusal("cats").getStatus().getCode());
  }

  @Test
  void amongSeveralAModelMustBeNamed() {
    StatusRuntimeException e = refusal("");
    assertEquals(Status.Code.INVALID_ARGUMENT, e.getStatus().getCode());
    assertEquals(
        "name: not given (expected one of: digits, points, score)", e.getStatus().getDescription());
    StatusRuntimeException sample =
        assertThrows(
            StatusRuntimeException.class, () -> server.sample(SampleRequest.getDefaultInstance()));
    assertEquals(
        "model: not given (expected one of: digits, points, score)",
        sample.getStatus().getDescription());
  }
}
