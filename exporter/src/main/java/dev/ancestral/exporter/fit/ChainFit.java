package dev.ancestral.exporter.fit;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.FittedTable.Factors;
import dev.ancestral.diffusion.sampler.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Fits chains to their teachers, step after step: each step starts from the states that the fitted
 * steps before it reached, so it makes up for what they missed. All guidance weights share the
 * timesteps. The last step's result is clipped as estimates are.
 */
final class ChainFit {
  /** So much nearer a chain has to come for each step to keep and to read an estimate more. */
  private static final double WORTHWHILE = 0.99;

  private final DiffusionModel model;
  private final Clipping clipping;
  private final Network network;
  private final List<Lesson> lessons;

  /** The lessons are one a guidance weight, at least one. */
  ChainFit(DiffusionModel model, Clipping clipping, Network network, List<Lesson> lessons) {
    this.model = model;
    this.clipping = clipping;
    this.network = network;
    this.lessons = List.copyOf(lessons);
  }

  /**
   * A fitted chain.
   *
   * @param timesteps falling
   * @param reach how many estimates of steps before a step reads
   * @param stages each step's estimates, [step][lesson]: what a fit with other timesteps further on
   *     can go on from
   * @param factors [lesson][step]
   * @param residual distance of the typical chain to the teacher's end, the mean over the lessons
   */
  record Fitted(
      List<Double> timesteps,
      int reach,
      List<List<Walk.Estimated>> stages,
      List<List<Factors>> factors,
      double residual) {
    /** The estimates of the first steps. */
    List<List<Walk.Estimated>> first(int steps) {
      return stages.subList(0, steps);
    }
  }

  /** The best chain through these timesteps: by its residual, reading no more than is worth it. */
  Fitted fit(List<Double> timesteps) {
    Fitted best = fit(timesteps, 1, List.of());
    for (int reach = 2; reach <= Walk.MOST_REACH && reach < timesteps.size(); reach++) {
      Fitted farther = fit(timesteps, reach, best.first(reach + 1));
      best = farther.residual() < WORTHWHILE * best.residual() ? farther : best;
    }
    return best;
  }

  /** The calls that {@link #fit(List)} takes of a chain's network. */
  static long mostCalls(int calls) {
    // So far no step has more behind it than one that reaches less far, so its states are the same.
    return calls + Math.max(0, calls - (Walk.MOST_REACH + 1L));
  }

  /**
   * Fits a chain whose first steps are known: those of another one with the same timesteps up to
   * there, whose factors read as many estimates.
   *
   * @param reach how many estimates of steps before a step reads, as far as there are so many
   */
  Fitted fit(List<Double> timesteps, int reach, List<List<Walk.Estimated>> known) {
    List<List<Walk.Estimated>> stages = new ArrayList<>(known);
    for (int step = known.size(); step < timesteps.size(); step++) {
      double timestep = timesteps.get(step);
      Step site = model.estimate(timestep);
      NoiseLevel level = model.schedule().levelAt(timestep);
      List<Walk.Estimated> stage = new ArrayList<>();
      for (int i = 0; i < lessons.size(); i++) {
        Lesson lesson = lessons.get(i);
        Walk walk =
            step == 0
                ? Walk.start(lesson)
                : stages.get(step - 1).get(i).arrive(lesson, level, reach);
        stage.add(walk.estimate(site, network, lesson, clipping));
      }
      stages.add(List.copyOf(stage));
    }
    List<List<Factors>> factors = new ArrayList<>();
    double residual = 0;
    for (int i = 0; i < lessons.size(); i++) {
      Walk end =
          stages.get(stages.size() - 1).get(i).arrive(lessons.get(i), NoiseLevel.CLEAN, reach);
      for (float[] row : end.x()) {
        clipping.apply(row);
      }
      factors.add(end.factors());
      residual += Distance.ofTypical(end.x(), lessons.get(i).teacher().end()) / lessons.size();
    }
    return new Fitted(List.copyOf(timesteps), reach, stages, factors, residual);
  }
}
