package dev.ancestral.server.repository;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleException;
import dev.ancestral.diffusion.Names;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.InvalidOptionException;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.files.Sha256;
import dev.ancestral.server.engine.Calibration;
import dev.ancestral.server.engine.Calibrator;
import dev.ancestral.server.engine.DeviceShare;
import dev.ancestral.server.engine.Engine;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.engine.Ticker;
import dev.ancestral.server.engine.TimedCalibrator;
import dev.ancestral.server.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes a served model of a location. */
final class ModelLoader {
  private static final String RECOMMENDED = "recommended.";

  private final OnnxRuntime runtime;
  private final EngineLimits limits;
  private final DeviceShare device = new DeviceShare();

  ModelLoader(OnnxRuntime runtime, EngineLimits limits) {
    this.runtime = runtime;
    this.limits = limits;
  }

  /**
   * Loads it and starts its engine.
   *
   * @throws IllegalArgumentException naming the file and the field that is wrong
   * @throws IOException if a file cannot be read
   */
  ServedModel load(ModelLocation location) throws IOException {
    Path file = location.file();
    try (OpenModel model = OpenModel.open(location, runtime)) {
      Bundle bundle = model.bundle();
      checkRecommendation(file, bundle);
      CalibrationFile cache = new CalibrationFile(location);
      CalibrationFile.Subject subject =
          new CalibrationFile.Subject(Sha256.of(file), runtime.description(), limits.callRows());
      Calibrator measuring = new TimedCalibrator(bundle.scheduler().schedule().timesteps());
      Calibrator calibrator =
          denoiser -> {
            denoiser.warmUp();
            return cache
                .read(subject)
                .orElseGet(
                    () -> {
                      Calibration measured = measuring.calibrate(denoiser);
                      cache.write(subject, measured);
                      return measured;
                    });
          };
      Engine engine =
          Engine.start(
              location.name(),
              model.denoiserForServing(limits.callRows()),
              limits,
              calibrator,
              device,
              Ticker.SYSTEM);
      return new ServedModel(
          location.name(), bundle, engine, runtime.device().label(), Files.size(file));
    }
  }

  /** Plans the chain of a request that says nothing, so that no such request can fail. */
  private static void checkRecommendation(Path file, Bundle bundle) {
    String name = String.valueOf(file.getFileName());
    try {
      DiffusionModel model = bundle.model();
      String recommended = bundle.recommended().sampler();
      List<String> known = Samplers.namesFor(model);
      if (recommended != null && !known.contains(recommended)) {
        throw new InvalidOptionException("sampler", Names.problem(recommended, known));
      }
      Sampler sampler = Defaults.sampler(bundle);
      SamplerOptions steps = SamplerOptions.ofSteps(Defaults.steps(bundle, sampler));
      sampler.plan(model, Defaults.options(bundle, sampler, steps));
    } catch (InvalidOptionException e) {
      boolean option = bundle.recommended().options().containsKey(e.field());
      throw new BundleException(name, RECOMMENDED + (option ? "options." : "") + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new BundleException(name, String.valueOf(e.getMessage()));
    }
  }
}
