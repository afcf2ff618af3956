package dev.ancestral.server.repository;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Defaults;
import dev.ancestral.files.Sha256;
import dev.ancestral.server.engine.Calibration;
import dev.ancestral.server.engine.Calibrator;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.DeviceShare;
import dev.ancestral.server.engine.Engine;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.engine.EngineSetup;
import dev.ancestral.server.engine.Ticker;
import dev.ancestral.server.engine.TimedCalibrator;
import dev.ancestral.server.onnx.OnnxRuntime;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Makes a served model of a location. */
final class ModelLoader {
  private static final Logger LOG = System.getLogger(ModelLoader.class.getName());

  private final OnnxRuntime runtime;
  private final EngineLimits most;
  private final DeviceShare device = new DeviceShare();

  ModelLoader(OnnxRuntime runtime, EngineLimits most) {
    this.runtime = runtime;
    this.most = most;
  }

  /**
   * Loads it and starts its engine.
   *
   * @param opened is handed the network before it runs for the first time, to be able to abort it
   * @throws IllegalArgumentException naming the file and the field that is wrong
   * @throws IOException if a file cannot be read
   */
  ServedModel load(ModelLocation location, Consumer<Denoiser> opened) throws IOException {
    Path file = location.file();
    try (OpenModel model = OpenModel.open(location, runtime)) {
      Bundle bundle = model.bundle();
      Defaults.requireSampleable(bundle, String.valueOf(file.getFileName()));
      for (String words : model.adaptations()) {
        LOG.log(Level.INFO, "model %s: %s".formatted(location.name(), words));
      }
      EngineLimits limits = most.upTo(model.rows(most.maxRows()));
      int callRows = model.rows(limits.callRows());
      CalibrationFile cache = new CalibrationFile(location);
      String sha256 = Sha256.of(file);
      CalibrationFile.Subject subject =
          new CalibrationFile.Subject(sha256, runtime.description(), callRows);
      Calibrator measuring = new TimedCalibrator(bundle.scheduler().schedule().timesteps());
      Calibrator calibrator =
          network -> {
            network.warmUp();
            return cache
                .read(subject)
                .orElseGet(
                    () -> {
                      Calibration measured = measuring.calibrate(network);
                      cache.write(subject, measured);
                      return measured;
                    });
          };
      Denoiser denoiser = model.denoiserForServing(callRows);
      opened.accept(denoiser);
      Engine engine =
          Engine.start(
              new EngineSetup(
                  location.name(), denoiser, limits, calibrator, device, Ticker.SYSTEM));
      return new ServedModel(
          location.name(), bundle, engine, runtime.device().label(), Files.size(file), sha256);
    }
  }
}
