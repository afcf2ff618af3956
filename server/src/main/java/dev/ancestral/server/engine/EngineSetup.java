package dev.ancestral.server.engine;

/**
 * What an engine needs.
 *
 * @param name for its thread
 * @param denoiser the network; the engine owns it from the start on, and closes it on its own
 *     thread, even if it cannot start
 * @param limits of its queue and of its calls
 * @param calibrator finds out what calls cost, before the first request
 * @param device where the network runs, beside those of other engines
 * @param ticker measures how long calls of the network take
 */
public record EngineSetup(
    String name,
    Denoiser denoiser,
    EngineLimits limits,
    Calibrator calibrator,
    DeviceShare device,
    Ticker ticker) {
  /** One that assumes what it does not know of the network, and has a device to itself. */
  public static EngineSetup of(String name, Denoiser denoiser, EngineLimits limits) {
    return new EngineSetup(
        name,
        denoiser,
        limits,
        network -> Calibration.assumed(network.maxRows()),
        new DeviceShare(),
        Ticker.SYSTEM);
  }

  /** The same by another clock. */
  public EngineSetup by(Ticker clock) {
    return new EngineSetup(name, denoiser, limits, calibrator, device, clock);
  }
}
