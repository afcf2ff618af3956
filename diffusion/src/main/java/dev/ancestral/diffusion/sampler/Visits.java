package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.List;
import java.util.Optional;

/**
 * Where a chain goes, by its options: over a list of timesteps, over Karras' levels, or over a
 * spacing's.
 */
final class Visits {
  private Visits() {}

  /**
   * The given options, and the defaults of the others, but for those that choose timesteps in
   * another way than the given ones.
   *
   * @throws InvalidOptionException if two ways are given
   */
  static SamplerOptions complete(SamplerOptions given, SamplerOptions defaults) {
    return given.find(SamplerOption.TIMESTEPS).isPresent()
        ? GivenTimesteps.complete(given, defaults)
        : SpacedTimesteps.complete(Karras.complete(given, defaults));
  }

  /** The visits of a chain that ends at {@code end}. */
  static List<Visit> of(DiffusionModel model, SamplerOptions options, NoiseLevel end) {
    Optional<GivenTimesteps> given = options.find(SamplerOption.TIMESTEPS);
    if (given.isPresent()) {
      return given.get().visits(model, end);
    }
    if (options.find(SamplerOption.KARRAS).orElse(false)) {
      return Karras.visits(model, options.steps(), end, false);
    }
    NoiseSchedule schedule = model.schedule();
    return options.find(SamplerOption.ROUND_TIMESTEPS).orElse(true)
        ? Visit.of(schedule, SpacedTimesteps.of(options, schedule.timesteps()), end)
        : FractionalTimesteps.visits(model, options.steps(), end);
  }

  /** Those of a solver, which leaves timestep 0 to its end, and rounds the timesteps of Karras. */
  static List<Visit> ofSolver(DiffusionModel model, SamplerOptions options) {
    NoiseSchedule schedule = model.schedule();
    NoiseLevel end = options.get(SamplerOption.FINAL_LEVEL).of(schedule);
    Optional<GivenTimesteps> given = options.find(SamplerOption.TIMESTEPS);
    if (given.isPresent()) {
      return given.get().visits(model, end);
    }
    return options.get(SamplerOption.KARRAS)
        ? Karras.visits(model, options.steps(), end, true)
        : Visit.of(schedule, SpacedTimesteps.ofSolver(options, schedule.timesteps()), end);
  }
}
