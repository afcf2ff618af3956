package dev.ancestral.exporter.fit;

import dev.ancestral.diffusion.sampler.DiffusionModel;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for better timesteps by coordinate descent on the residual of the fit itself: one timestep
 * after the other is moved a share of the way to its neighbour, either way, and stays where that is
 * better; three rounds, with shares that halve. The first one stays where training ends.
 */
final class TimeSearch {
  private static final int ROUNDS = 3;
  private static final double FIRST_SHARE = 0.4;

  private final DiffusionModel model;
  private final ChainFit fit;

  TimeSearch(DiffusionModel model, ChainFit fit) {
    this.model = model;
    this.fit = fit;
  }

  /** The most calls that a search of a chain takes, one row each. */
  static long mostCalls(int calls) {
    // A move of timestep j asks the network again from there on, calls - j times; two moves each.
    return (long) ROUNDS * calls * (calls - 1);
  }

  /** The best found, which may be the one given. */
  ChainFit.Fitted improve(ChainFit.Fitted from) {
    ChainFit.Fitted best = from;
    double share = FIRST_SHARE;
    for (int round = 0; round < ROUNDS; round++) {
      for (int j = 1; j < from.timesteps().size(); j++) {
        double up = moved(best.timesteps(), j, share);
        double down = moved(best.timesteps(), j, -share);
        double before = best.residual();
        best = tried(best, j, down);
        if (best.residual() == before) {
          best = tried(best, j, up);
        }
      }
      share /= 2;
    }
    return best;
  }

  /** The better of the two: with this timestep at j, or as it was. */
  private ChainFit.Fitted tried(ChainFit.Fitted best, int j, double timestep) {
    List<Double> timesteps = new ArrayList<>(best.timesteps());
    double below = j + 1 < timesteps.size() ? timesteps.get(j + 1) : -1;
    if (timestep == timesteps.get(j) || timestep >= timesteps.get(j - 1) || timestep <= below) {
      return best;
    }
    timesteps.set(j, timestep);
    ChainFit.Fitted moved = fit.fit(timesteps, best.reach(), best.first(j));
    return moved.residual() < best.residual() ? moved : best;
  }

  private double moved(List<Double> timesteps, int j, double share) {
    double at = timesteps.get(j);
    double below = j + 1 < timesteps.size() ? timesteps.get(j + 1) : 0;
    double to = share > 0 ? at + share * (timesteps.get(j - 1) - at) : at + share * (at - below);
    return Grids.near(model, to);
  }
}
