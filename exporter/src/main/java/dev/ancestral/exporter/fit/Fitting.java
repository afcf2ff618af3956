package dev.ancestral.exporter.fit;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Fits chains of several lengths to one teacher, at several guidance weights, and measures each on
 * chains that it was not fitted to.
 */
final class Fitting {
  /** The sampler of the teacher. */
  static final String TEACHER = "ddim";

  /** Of a chain that is not measured yet. */
  private static final FittedProof UNMEASURED = new FittedProof(0, 0, 0, null);

  private final Bundle bundle;
  private final DiffusionModel model;
  private final Clipping clipping;
  private final ChainPlan teacher;
  private final Chains chains;
  private final Network network;
  private final List<Double> weights;
  private final FitOptions options;
  private final FitProgress progress;

  /** Where held-out chains start, and where the teacher's end. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record HeldOut(Draws draws, float[][] ends) {}

  Fitting(
      Bundle bundle,
      Network network,
      List<Double> weights,
      FitOptions options,
      FitProgress progress) {
    this.bundle = bundle;
    this.model = bundle.model();
    this.clipping = bundle.clipping();
    this.network = network;
    this.chains = new Chains(network);
    this.weights = weights;
    this.options = options;
    this.progress = progress;
    this.teacher = handMade(TEACHER, options.teacherSteps(model.schedule().timesteps()));
  }

  /** By the sampler's own defaults, trailing spacing among them, under the bundle's clipping. */
  private ChainPlan handMade(String sampler, int steps) {
    return Samplers.of(sampler).plan(model, SamplerOptions.ofSteps(steps).withClipping(clipping));
  }

  /** The teacher's chain. */
  ChainPlan teacher() {
    return teacher;
  }

  /** The chain of a candidate at a weight, as it will be served. */
  ChainPlan plan(Candidate candidate, double weight) {
    FittedTables alone =
        new FittedTables(TEACHER + ":1", clipping, List.of(candidate.table()), Map.of());
    DiffusionModel fitted =
        new DiffusionModel(
            model.schedule(),
            model.prediction(),
            model.variance(),
            model.continuousTimesteps(),
            alone);
    return Samplers.of("fitted")
        .plan(
            fitted,
            SamplerOptions.ofSteps(candidate.calls())
                .withClipping(clipping)
                .withGuidance(weight, 0));
  }

  /** Where chains of this use start, at a weight. */
  Draws draws(Draws.Use use, int count, double weight) {
    return Draws.of(
        use, count, bundle.data().elements(), bundle.conditioning(), weight != 1, options.seed());
  }

  /** A chain of each length, with its distances, the better ones and the others. */
  List<Candidate> run(List<Integer> calls) {
    progress.phase("the teacher's chains");
    List<Lesson> lessons = new ArrayList<>();
    List<HeldOut> heldOut = new ArrayList<>();
    for (double weight : weights) {
      Draws draws = draws(Draws.Use.FIT, options.chains(), weight);
      lessons.add(
          new Lesson(
              weight,
              draws.start(teacher.initialScale()),
              draws.labels(),
              chains.watch(teacher, model.schedule(), draws, weight)));
      Draws others = draws(Draws.Use.HELD_OUT, options.chains(), weight);
      heldOut.add(new HeldOut(others, chains.run(teacher, others, weight)));
    }
    ChainFit fit = new ChainFit(model, clipping, network, lessons);
    List<Candidate> candidates = new ArrayList<>();
    for (int count : calls) {
      progress.phase("chains of %d calls".formatted(count));
      candidates.add(proven(best(fit, count), heldOut));
    }
    return candidates;
  }

  private Candidate best(ChainFit fit, int calls) {
    List<Grids.Grid> grids = Grids.of(model, calls);
    String name = grids.get(0).name();
    ChainFit.Fitted best = fit.fit(grids.get(0).timesteps());
    for (Grids.Grid grid : grids.subList(1, grids.size())) {
      ChainFit.Fitted other = fit.fit(grid.timesteps());
      if (other.residual() < best.residual()) {
        best = other;
        name = grid.name();
      }
    }
    if (options.search()) {
      ChainFit.Fitted found = new TimeSearch(model, fit).improve(best);
      name = found.timesteps().equals(best.timesteps()) ? name : "searched";
      best = found;
    }
    return new Candidate(
        name,
        best.timesteps(),
        weights,
        best.factors(),
        Collections.nCopies(weights.size(), UNMEASURED));
  }

  private Candidate proven(Candidate candidate, List<HeldOut> heldOut) {
    ChainPlan ddim = handMade(TEACHER, candidate.calls());
    ChainPlan dpmSolver = handMade("dpmpp-2m", candidate.calls());
    List<FittedProof> proofs = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      HeldOut others = heldOut.get(i);
      double weight = weights.get(i);
      proofs.add(
          new FittedProof(
              distance(plan(candidate, weight), others, weight),
              distance(ddim, others, weight),
              distance(dpmSolver, others, weight),
              null));
    }
    return new Candidate(
        candidate.grid(), candidate.timesteps(), weights, candidate.factors(), proofs);
  }

  private double distance(ChainPlan plan, HeldOut others, double weight) {
    return Distance.between(chains.run(plan, others.draws(), weight), others.ends());
  }

  /** What a chain makes of such draws. */
  float[][] sample(ChainPlan plan, Draws draws, double weight) {
    return chains.run(plan, draws, weight);
  }

  List<Double> weights() {
    return weights;
  }
}
