package dev.ancestral.server.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.ancestral.server.engine.EngineException;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.engine.FramePlan;
import dev.ancestral.server.engine.RunStatistics;
import dev.ancestral.server.engine.SampleListener;
import dev.ancestral.server.engine.Ticker;
import dev.ancestral.server.engine.TimedCalibrator;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a GPU's engine does, on the CPU: the network and its chain, as they are opened for one. */
@Timeout(60)
final class ChainedEngineTest {
  private static final OnnxRuntime RUNTIME = new OnnxRuntime(Device.cpu("a test"), 2);
  private static final int ROWS = 8;

  private final Path file;

  ChainedEngineTest(@TempDir Path directory) {
    this.file = directory.resolve("tiny.onnx");
    TinyOnnx.file(file, Bundles.DIGITS, BundleFormat.metadata(Bundles.DIGITS));
  }

  private Denoiser denoiser() throws Exception {
    return RUNTIME
        .open(file)
        .denoiser(Bundles.DIGITS, ROWS, RUNTIME.openChain(file, Bundles.DIGITS, ROWS));
  }

  private static final class Collector implements SampleListener {
    private final float[][] samples;
    private final CompletableFuture<RunStatistics> done = new CompletableFuture<>();

    Collector(int count) {
      samples = new float[count][];
    }

    @Override
    public void onBegin() {}

    @Override
    public void onProgress(long stepsDone, long total) {}

    @Override
    public void onFrame(
        int sample,
        int step,
        double timestep,
        float @Nullable [] state,
        float @Nullable [] estimate) {}

    @Override
    public void onSample(int sample, float[] data) {
      samples[sample] = data;
    }

    @Override
    public void onDone(RunStatistics statistics) {
      done.complete(statistics);
    }

    @Override
    public void onFailure(EngineException failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public boolean mayStep() {
      return true;
    }

    @Override
    public int undelivered() {
      return 0;
    }
  }

  private Collector run(int chainSteps, String name) throws Exception {
    Sampler sampler = Samplers.of(name);
    ChainPlan plan = sampler.plan(Bundles.DIGITS.model(), SamplerOptions.ofSteps(12));
    CostCurve curve = new CostCurve(ROWS, List.of(new CostCurve.Point(ROWS, 0.1)));
    Collector collector = new Collector(3);
    try (Engine engine =
        Engine.start(
            "test",
            denoiser(),
            new EngineLimits(ROWS, 16),
            network -> new Calibration(curve, BatchInvariance.VERIFIED, chainSteps),
            new DeviceShare(),
            Ticker.SYSTEM)) {
      engine.submit(
          new ChainRequest(
              plan, 7, 3, List.of(0, 1, 3), new Guidance(2, 0, 3), null, FramePlan.NONE),
          collector);
      collector.done.get();
    }
    return collector;
  }

  @Test
  void severalStepsInACallGiveTheSamplesOfSingleSteps() throws Exception {
    for (String sampler : Samplers.namesFor(Bundles.DIGITS.model())) {
      Collector single = run(1, sampler);
      Collector chained = run(5, sampler);
      assertTrue(chained.done.get().calls() < single.done.get().calls(), sampler);
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(single.samples[i], chained.samples[i], 1e-5f, sampler);
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
