package dev.ancestral.server.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.BatchInvariance;
import dev.ancestral.server.engine.Calibration;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.DenoiserContract;
import dev.ancestral.server.engine.TimedCalibrator;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OrtDenoiserTest extends DenoiserContract {
  private static final OnnxRuntime RUNTIME = new OnnxRuntime(Device.cpu("a test"), 2);

  private final Path directory;

  OrtDenoiserTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Override
  protected Denoiser create(boolean labels, boolean variance) {
    Bundle bundle = labels ? Bundles.DIGITS : Bundles.UNCONDITIONAL;
    return create(variance ? Bundles.withVariance(bundle, Variance.LEARNED_RANGE) : bundle);
  }

  private Denoiser create(Bundle bundle) {
    Path file =
        TinyOnnx.file(directory.resolve("tiny.onnx"), bundle, BundleFormat.metadata(bundle));
    return RUNTIME.open(file).denoiser(bundle, 16);
  }

  private String refusal(Bundle network, Bundle described) {
    Path file =
        TinyOnnx.file(directory.resolve("tiny.onnx"), network, BundleFormat.metadata(network));
    try (OnnxModel model = RUNTIME.open(file)) {
      return String.valueOf(
          assertThrows(ModelException.class, () -> model.denoiser(described, 4)).getMessage());
    }
  }

  @Test
  void pointsAreRowsToo() {
    try (Denoiser denoiser = create(Bundles.POINTS)) {
      assertEquals(List.of(2L), denoiser.dataShape());
      float[] out = new float[4];
      denoiser.predict(
          List.of(new TestRow(new float[] {1, 2}, 3, 0), new TestRow(new float[] {3, 4}, 500, 0)),
          out);
      assertTrue(out[0] != 0 && out[3] != 0);
    }
  }

  @Test
  void inputsThatDoNotFitTheDescriptionAreNamed() {
    assertEquals(
        "tiny.onnx: inputs: sample, timestep, class_labels (expected: sample, timestep, as its description says)",
        refusal(Bundles.DIGITS, Bundles.UNCONDITIONAL));
    assertEquals(
        "tiny.onnx: inputs: sample, timestep (expected: sample, timestep, class_labels, as its description says)",
        refusal(Bundles.UNCONDITIONAL, Bundles.DIGITS));
    assertEquals(
        "tiny.onnx: input sample: FLOAT [-1, 1, 8, 8] (expected: FLOAT [batch, 2])",
        refusal(Bundles.UNCONDITIONAL, Bundles.POINTS));
  }

  @Test
  void calibrationVerifiesTheRuntimesOwnBits() {
    for (Bundle bundle :
        List.of(
            Bundles.DIGITS,
            Bundles.POINTS,
            Bundles.withVariance(Bundles.UNCONDITIONAL, Variance.LEARNED_RANGE))) {
      try (Denoiser denoiser = create(bundle)) {
        Calibration calibration = new TimedCalibrator(1000).calibrate(denoiser);
        assertEquals(BatchInvariance.VERIFIED, calibration.invariance());
        assertEquals(16, calibration.curve().maxRows());
        assertTrue(calibration.curve().isMeasured());
      }
    }
  }

  @Test
  void pointsMayHaveAVarianceHalf() {
    try (Denoiser denoiser = create(Bundles.withVariance(Bundles.POINTS, Variance.LEARNED))) {
      assertEquals(4, denoiser.predictionElements());
      float[] out = new float[4];
      denoiser.predict(List.of(new TestRow(new float[] {1, 2}, 3, 0)), out);
      assertTrue(out[0] != 0 && out[3] != 0);
    }
  }

  @Test
  void anOutputThatDoesNotFitTheVarianceIsNamed() {
    Bundle learned = Bundles.withVariance(Bundles.UNCONDITIONAL, Variance.LEARNED_RANGE);
    assertEquals(
        "tiny.onnx: output out_sample: FLOAT [-1, 1, 8, 8] (expected: FLOAT [batch, 2, 8, 8], since variance_type is learned_range)",
        refusal(Bundles.UNCONDITIONAL, learned));
    assertEquals(
        "tiny.onnx: output out_sample: FLOAT [-1, 2, 8, 8] (expected: FLOAT [batch, 1, 8, 8], since variance_type is fixed_small)",
        refusal(learned, Bundles.UNCONDITIONAL));
  }

  @Test
  void aFileThatIsNoNetworkIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("broken.onnx"), "no network");
    String message =
        String.valueOf(assertThrows(ModelException.class, () -> RUNTIME.open(file)).getMessage());
    assertTrue(message.startsWith("broken.onnx: is no ONNX file ("), message);
  }

  @Test
  void cudaThatFailsGivesWayToTheCpu_unlessItWasDemanded() {
    // The runtime with CUDA would unpack 580 MB before it fails.
    Assumptions.assumeFalse(OnnxNatives.ofThisProcess().cudaObstacle().isEmpty());
    Path file = TinyOnnx.file(directory.resolve("tiny.onnx"), Bundles.POINTS, Map.of());
    OnnxRuntime willing = new OnnxRuntime(new Device(Device.Kind.CUDA, 0, false, "a test"), 2);
    try (OnnxModel model = willing.open(file);
        Denoiser denoiser = model.denoiser(Bundles.POINTS, 1)) {
      assertEquals(2, denoiser.elements());
      assertTrue(willing.device().reason().startsWith("cuda:0 failed: "));
      assertEquals("cpu", willing.device().label());
    }
    OnnxRuntime demanding = new OnnxRuntime(new Device(Device.Kind.CUDA, 0, true, "a test"), 2);
    String message =
        String.valueOf(assertThrows(ModelException.class, () -> demanding.open(file)).getMessage());
    assertTrue(message.startsWith(file + ": on cuda:0: "), message);
  }

  @Test
  void anotherThreadThanTheOwnersIsRefused() throws Exception {
    try (Denoiser denoiser = create(Bundles.UNCONDITIONAL)) {
      float[] out = new float[denoiser.elements()];
      List<TestRow> rows = List.of(new TestRow(new float[denoiser.elements()], 1, 0));
      denoiser.predict(rows, out);
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread other = new Thread(() -> denoiser.predict(rows, out), "intruder");
      other.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
      other.start();
      other.join();
      assertTrue(String.valueOf(thrown.get()).contains("intruder"), String.valueOf(thrown.get()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aCallAllocatesLittle_forWhateverNumberOfRows(int rows) {
    List<TestRow> batch = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      batch.add(new TestRow(new float[64], i, 0));
    }
    float[] out = new float[rows * 64];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int calls = 200;
    try (Denoiser denoiser = create(Bundles.DIGITS)) {
      // The first call of a size makes its tensors.
      denoiser.predict(batch, out);
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < calls; i++) {
        denoiser.predict(batch, out);
      }
      long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / calls;
      System.out.printf("%d rows: %d bytes a call%n", rows, bytes);
      assertTrue(bytes <= 600, () -> rows + " rows: " + bytes + " bytes a call");
    }
  }
}
