package dev.ancestral.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.BatchInvariance;
import dev.ancestral.server.engine.Calibration;
import dev.ancestral.server.engine.CostCurve;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.onnx.TinyOnnx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CalibrationFileTest {
  private static final OnnxRuntime RUNTIME = new OnnxRuntime(Device.cpu("a test"), 2);

  /** Nothing here takes that long, so it cannot have been measured. */
  private static final CostCurve.Point REMARKABLE = new CostCurve.Point(1, 1234.5);

  private static final CalibrationFile.Subject SUBJECT =
      new CalibrationFile.Subject("abc", "a runtime", 16);
  private static final Calibration CALIBRATION =
      new Calibration(new CostCurve(16, List.of(REMARKABLE)), BatchInvariance.BROKEN, 8);

  private final Path models;
  private final Path digits;
  private final Path path;

  CalibrationFileTest(@TempDir Path models) {
    this.models = models;
    this.digits = models.resolve("digits");
    this.path = models.resolve(".digits.calibration.json");
  }

  private CalibrationFile file() {
    return new CalibrationFile(new ModelLocation("digits", digits, false));
  }

  /** Serves the models once; returns what the engine of the digits knows. */
  private CostCurve serve(EngineLimits limits) throws Exception {
    try (ModelRepository repository = ModelRepository.load(models, RUNTIME, limits)) {
      assertEquals(List.of(), repository.problems());
      return repository.find("digits").orElseThrow().engine().costCurve();
    }
  }

  private void remark() throws Exception {
    String text = Files.readString(path);
    Files.writeString(path, text.replaceFirst("\"millis\": [0-9.E-]+", "\"millis\": 1234.5"));
  }

  @Test
  void whatWasWrittenIsRead() {
    file().write(SUBJECT, CALIBRATION);
    Calibration read = file().read(SUBJECT).orElseThrow();
    assertEquals(List.of(REMARKABLE), read.curve().measured());
    assertEquals(16, read.curve().maxRows());
    assertEquals(BatchInvariance.BROKEN, read.invariance());
    assertEquals(8, read.chainSteps());
  }

  @Test
  void anotherNetwork_anotherMachine_orAnotherSizeIsNotTheSubject() {
    file().write(SUBJECT, CALIBRATION);
    for (CalibrationFile.Subject other :
        List.of(
            new CalibrationFile.Subject("other", "a runtime", 16),
            new CalibrationFile.Subject("abc", "another runtime", 16),
            new CalibrationFile.Subject("abc", "a runtime", 8))) {
      assertEquals(Optional.empty(), file().read(other));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[]",
        "{}",
        "{\"format_version\": 2}",
        "{\"format_version\": 1, \"model_sha256\": \"abc\", \"runtime\": \"a runtime\", \"max_rows\": 16, \"chain_steps\": 1, \"batch_invariance\": \"perhaps\", \"curve\": []}",
        "{\"format_version\": 1, \"model_sha256\": \"abc\", \"runtime\": \"a runtime\", \"max_rows\": 16, \"chain_steps\": 1, \"batch_invariance\": \"verified\", \"curve\": [null]}",
        "{\"format_version\": 1, \"model_sha256\": \"abc\", \"runtime\": \"a runtime\", \"max_rows\": 16, \"chain_steps\": 1, \"batch_invariance\": \"verified\", \"curve\": [{\"rows\": 1, \"millis\": -1}]}",
        "{\"format_version\": 1, \"model_sha256\": \"abc\", \"runtime\": \"a runtime\", \"max_rows\": 16, \"batch_invariance\": \"verified\", \"curve\": [{\"rows\": 1, \"millis\": 1}]}"
      })
  void aFileThatSaysNothingOfUseIsAsGoodAsNone(String text) throws Exception {
    Files.writeString(path, text);
    assertEquals(Optional.empty(), file().read(SUBJECT));
  }

  @Test
  void theSecondStartTakesWhatTheFirstMeasured_andTheBundleStaysWhole() throws Exception {
    TinyOnnx.bundle(digits, Bundles.DIGITS);
    assertTrue(serve(EngineLimits.DEFAULTS).isMeasured());
    BundleFormat.read(digits);
    remark();
    assertEquals(REMARKABLE, serve(EngineLimits.DEFAULTS).measured().get(0));
  }

  @Test
  void aNewNetworkUnderAnOldNameIsMeasured() throws Exception {
    TinyOnnx.bundle(digits, Bundles.DIGITS);
    serve(EngineLimits.DEFAULTS);
    remark();
    TinyOnnx.bundle(digits, Bundles.UNCONDITIONAL);
    assertFalse(serve(EngineLimits.DEFAULTS).measured().contains(REMARKABLE));
  }

  @Test
  void whereNothingCanBeWritten_everyStartMeasures() throws Exception {
    TinyOnnx.bundle(digits, Bundles.DIGITS);
    // A directory in its place refuses to be read and written, whoever runs the test.
    Files.createDirectories(path.resolve("in the way"));
    assertTrue(serve(EngineLimits.DEFAULTS).isMeasured());
    assertTrue(serve(EngineLimits.DEFAULTS).isMeasured());
  }

  @Test
  void aLoneFileHasItsCalibrationBesideItToo() throws Exception {
    TinyOnnx.file(
        models.resolve("digits.onnx"), Bundles.DIGITS, BundleFormat.metadata(Bundles.DIGITS));
    serve(EngineLimits.DEFAULTS);
    remark();
    assertEquals(REMARKABLE, serve(EngineLimits.DEFAULTS).measured().get(0));
  }
}
