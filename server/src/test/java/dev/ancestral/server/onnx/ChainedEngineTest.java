package dev.ancestral.server.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.BatchInvariance;
import dev.ancestral.server.engine.Calibration;
import dev.ancestral.server.engine.ChainRequest;
import dev.ancestral.server.engine.CostCurve;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.DeviceChain;
import dev.ancestral.server.engine.DeviceShare;
import dev.ancestral.server.engine.Engine;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.engine.EngineSetup;
import dev.ancestral.server.engine.FramePlan;
import dev.ancestral.server.engine.RecordingListener;
import dev.ancestral.server.engine.Ticker;
import dev.ancestral.server.engine.TimedCalibrator;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a GPU's engine does, on the CPU: the network and its chain, as they are opened for one. */
@Timeout(60)
final class ChainedEngineTest {
  private static final OnnxRuntime RUNTIME = new OnnxRuntime(Device.cpu("a test"), 2);
  private static final int ROWS = 8;
  private static final Bundle DIGITS = Bundles.fitted(Bundles.DIGITS, 12);

  private final Path file;

  ChainedEngineTest(@TempDir Path directory) {
    this.file = directory.resolve("tiny.onnx");
    TinyOnnx.file(file, Bundles.DIGITS, BundleFormat.metadata(Bundles.DIGITS));
  }

  private Denoiser denoiser() throws Exception {
    return RUNTIME
        .open(file)
        .denoiser(Bundles.DIGITS, ROWS, RUNTIME.openChain(file, null, Bundles.DIGITS, ROWS));
  }

  private RecordingListener run(int chainSteps, String name) throws Exception {
    Sampler sampler = Samplers.of(name);
    ChainPlan plan = sampler.plan(DIGITS.model(), SamplerOptions.ofSteps(12));
    CostCurve curve = new CostCurve(ROWS, List.of(new CostCurve.Point(ROWS, 0.1)));
    RecordingListener collector = new RecordingListener();
    try (Engine engine =
        Engine.start(
            new EngineSetup(
                "test",
                denoiser(),
                new EngineLimits(ROWS, 16),
                network -> new Calibration(curve, BatchInvariance.VERIFIED, chainSteps),
                new DeviceShare(),
                Ticker.SYSTEM))) {
      engine.submit(
          new ChainRequest(
              plan, 7, 0, 3, List.of(0, 1, 3), new Guidance(2, 0, 3), null, FramePlan.NONE),
          collector);
      collector.await();
    }
    return collector;
  }

  @Test
  void severalStepsInACallGiveTheSamplesOfSingleSteps() throws Exception {
    for (String sampler : Samplers.namesFor(DIGITS.model())) {
      RecordingListener single = run(1, sampler);
      RecordingListener chained = run(5, sampler);
      assertTrue(chained.await().calls() < single.await().calls(), sampler);
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(single.samples.get(i), chained.samples.get(i), 1e-5f, sampler);
      }
    }
  }

  @Test
  void theCalibrationTimesTheChain_andClosingTheDenoiserClosesIt() throws Exception {
    try (Denoiser denoiser = denoiser()) {
      denoiser.warmUp();
      int steps = new TimedCalibrator(1000).calibrate(denoiser).chainSteps();
      assertTrue(steps >= 1 && steps <= 32, () -> "steps: " + steps);
    }
    Denoiser closed = denoiser();
    closed.close();
    DeviceChain chain = Objects.requireNonNull(closed.chain());
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> chain.run(List.of(), 1));
    assertEquals("chain: is closed", e.getMessage());
  }
}
