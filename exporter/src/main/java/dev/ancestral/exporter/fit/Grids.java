package dev.ancestral.exporter.fit;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.InvalidOptionException;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The timesteps that a chain of so many calls is tried with. All start where training ends. */
final class Grids {
  /** Timesteps, and what they are called. */
  record Grid(String name, List<Double> timesteps) {}

  private Grids() {}

  /** At least trailing spacing. */
  static List<Grid> of(DiffusionModel model, int calls) {
    List<Grid> grids = new ArrayList<>();
    grids.add(
        new Grid(
            "trailing",
            Arrays.stream(TimestepSpacing.TRAILING.timesteps(model.schedule().timesteps(), calls))
                .asDoubleStream()
                .boxed()
                .toList()));
    add(grids, "bent 0.25", bent(model, calls, 0.25));
    add(grids, "bent 0.5", bent(model, calls, 0.5));
    add(grids, "karras", karras(model, calls));
    return grids;
  }

  /** How many there are at most. */
  static int most() {
    return 4;
  }

  private static void add(List<Grid> grids, String name, List<Double> timesteps) {
    boolean known = grids.stream().anyMatch(grid -> grid.timesteps().equals(timesteps));
    if (!timesteps.isEmpty() && falls(timesteps) && !known) {
      grids.add(new Grid(name, timesteps));
    }
  }

  /**
   * Trailing spacing that is crowded at both ends: of the way u = 1 - i/N from the data, the
   * timestep is T·(u - s·sin(2πu)/2π) - 1. Fitted chains were a fifth to a third nearer with it
   * from five calls on.
   */
  private static List<Double> bent(DiffusionModel model, int calls, double s) {
    int all = model.schedule().timesteps();
    List<Double> timesteps = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      double u = 1 - (double) i / calls;
      double t = all * (u - s * StrictMath.sin(2 * Math.PI * u) / (2 * Math.PI)) - 1;
      timesteps.add(i == 0 ? all - 1.0 : near(model, t));
    }
    return timesteps;
  }

  /** The nearest timestep at which the network can be asked, but for the first of a chain. */
  static double near(DiffusionModel model, double timestep) {
    int last = model.schedule().timesteps() - 1;
    if (!takesFractions(model)) {
      return Math.max(0, Math.rint(timestep));
    }
    // Where the last timestep has no signal left, there is no level between it and the one before.
    boolean pure = model.schedule().finalSnr() == 0;
    return Math.max(0, pure ? Math.min(timestep, last - 1.0) : timestep);
  }

  /** Karras' levels; none where they do not fit the model: without signal at its end, say. */
  private static List<Double> karras(DiffusionModel model, int calls) {
    // Of Euler's method the timesteps are fractions, of DPM-Solver whole.
    String solver = takesFractions(model) ? "euler" : "dpmpp-2m";
    SamplerOptions options = SamplerOptions.ofSteps(calls).with(SamplerOption.KARRAS, true);
    try {
      return Arrays.stream(Samplers.of(solver).plan(model, options).timesteps()).boxed().toList();
    } catch (InvalidOptionException e) {
      return List.of();
    }
  }

  /** Whether the network can be asked between its trained timesteps. */
  static boolean takesFractions(DiffusionModel model) {
    return model.continuousTimesteps() && model.prediction() != PredictionType.POSTERIOR_MEAN;
  }

  private static boolean falls(List<Double> timesteps) {
    for (int i = 1; i < timesteps.size(); i++) {
      if (!(timesteps.get(i) < timesteps.get(i - 1))) {
        return false;
      }
    }
    return true;
  }
}
