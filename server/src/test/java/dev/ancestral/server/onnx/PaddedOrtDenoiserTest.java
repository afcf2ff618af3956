package dev.ancestral.server.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.BatchInvariance;
import dev.ancestral.server.engine.Calibration;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.DenoiserContract;
import dev.ancestral.server.engine.TimedCalibrator;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sizes of batch that a GPU gets to see, on the CPU. */
final class PaddedOrtDenoiserTest extends DenoiserContract {
  private static final OnnxRuntime RUNTIME = new OnnxRuntime(Device.cpu("a test"), 2);
  private static final BatchSizes BUCKETS = BatchSizes.buckets(12);

  private final Path directory;

  PaddedOrtDenoiserTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Override
  protected Denoiser create(boolean labels, boolean variance) {
    Bundle plain = labels ? Bundles.DIGITS : Bundles.UNCONDITIONAL;
    Bundle bundle = variance ? Bundles.withVariance(plain, Variance.LEARNED_RANGE) : plain;
    Path file =
        TinyOnnx.file(directory.resolve("tiny.onnx"), bundle, BundleFormat.metadata(bundle));
    return RUNTIME.open(file).denoiser(bundle, BUCKETS, null);
  }

  private static List<Integer> sizes(BatchSizes sizes) {
    return IntStream.rangeClosed(1, sizes.largest()).map(sizes::of).boxed().toList();
  }

  @Test
  void aGpuSeesPowersOfTwoAndTheLargest_aCpuEverySize() {
    Device gpu = new Device(Device.Kind.CUDA, 0, true, "a test");
    assertEquals(List.of(1, 2, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12), sizes(gpu.batchSizes(12)));
    assertEquals(List.of(1, 2, 3, 4), sizes(Device.cpu("a test").batchSizes(4)));
    assertEquals(List.of(1), sizes(gpu.batchSizes(1)));
  }

  @Test
  void eachSizeThatAGpuSeesIsWarmed_theWidestRangeFirst() {
    assertEquals(List.of(1, 12, 2, 4, 8), BUCKETS.forWarmUp());
    assertEquals(List.of(1), BatchSizes.buckets(1).forWarmUp());
    assertEquals(List.of(), BatchSizes.exact(12).forWarmUp());
    try (Denoiser denoiser = create(true, false)) {
      denoiser.warmUp();
      predictSome(denoiser);
    }
  }

  private static void predictSome(Denoiser denoiser) {
    TestRow row = new TestRow(new float[denoiser.elements()], 10, 0);
    float[] alone = new float[denoiser.elements()];
    denoiser.predict(List.of(row), alone);
    float[] three = new float[3 * denoiser.elements()];
    denoiser.predict(List.of(row, row, row), three);
    float[] last = new float[denoiser.elements()];
    System.arraycopy(three, 2 * last.length, last, 0, last.length);
    assertArrayEquals(alone, last);
  }

  @Test
  void calibrationGivesPaddedRowsTheTimeOfTheirSize() {
    try (Denoiser denoiser = create(true, false)) {
      Calibration calibration = new TimedCalibrator(1000).calibrate(denoiser);
      assertEquals(BatchInvariance.VERIFIED, calibration.invariance());
      assertEquals(12, calibration.curve().measured().size());
      assertEquals(calibration.curve().millis(8), calibration.curve().millis(5), 1e-9);
      assertEquals(calibration.curve().millis(12), calibration.curve().millis(9), 1e-9);
    }
  }
}
