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
   * @param stages each step's estimates, [step][lesson]: what a fit with other timesteps further on
   *     can go on from
   * @param factors [lesson][step]
   * @param residual distance of the typical chain to the teacher's end, the mean over the lessons
   */
  record Fitted(
      List<Double> timesteps,
      List<List<Walk.Estimated>> stages,
      List<List<Factors>> factors,
      double residual) {
    /** The estimates of the first steps. */
    List<List<Walk.Estimated>> first(int steps) {
      return stages.subList(0, steps);
    }
  }

  /** Fits a chain through these timesteps. */
  Fitted fit(List<Double> timesteps) {
    return fit(timesteps, List.of());
  }

  /**
   * Fits a chain whose first steps are known: those of another one with the same timesteps up to
   * there.
   */
  Fitted fit(List<Double> timesteps, List<List<Walk.Estimated>> known) {
    List<List<Walk.Estimated>> stages = new ArrayList<>(known);
    for (int step = known.size(); step < timesteps.size(); step++) {
      double timestep = timesteps.get(step);
      Step site = model.estimate(timestep);
      NoiseLevel level = model.schedule().levelAt(timestep);
      List<Walk.Estimated> stage = new ArrayList<>();
      for (int i = 0; i < lessons.size(); i++) {
        Lesson lesson = lessons.get(i);
        Walk walk =
            step == 0 ? Walk.start(lesson) : stages.get(step - 1).get(i).arrive(lesson, level);
        stage.add(walk.estimate(site, network, lesson, clipping));
      }
      stages.add(List.copyOf(stage));
    }
    List<List<Factors>> factors = new ArrayList<>();
    double residual = 0;
    for (int i = 0; i < lessons.size(); i++) {
      Walk end = stages.get(stages.size() - 1).get(i).arrive(lessons.get(i), NoiseLevel.CLEAN);
      for (float[] row : end.x()) {
        clipping.apply(row);
      }
      factors.add(end.factors());
      residual += Distance.ofTypical(end.x(), lessons.get(i).teacher().end()) / lessons.size();
    }
    return new Fitted(List.copyOf(timesteps), stages, factors, residual);
  }
}
