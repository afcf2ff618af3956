package dev.ancestral.server.engine;

/** Finds out what an engine has to know of its network. Called once, on the engine's thread. */
@FunctionalInterface
public interface Calibrator {
  /**
   * The calibration, for calls of up to {@code denoiser.maxRows()} rows.
   *
   * @throws DenoiserException when the network does not run
   */
  Calibration calibrate(Denoiser denoiser);
}
