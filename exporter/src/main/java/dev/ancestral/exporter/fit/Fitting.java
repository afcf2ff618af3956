package dev.ancestral.exporter.fit;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.FittedBetween;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fits chains of several lengths to one teacher, at several guidance weights, and measures each on
 * chains that it was not fitted to.
 */
final class Fitting {
  /** The sampler of the teacher. */
  static final String TEACHER = "ddim";

  /**
   * Up to so many calls, timesteps are chosen by the samples that they lead to: the nearest ends
   * are not always the best pictures. Longer chains are all good, and would take as long to draw.
   */
  private static final int CHOSEN_CALLS = 4;

  /** Chains that are so many times as far from the teacher's ends are not chosen. */
  private static final double ABOUT_AS_NEAR = 1.3;

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

  /** Where held-out chains start, and where the teacher's end, at a weight. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record HeldOut(double weight, Draws draws, float[][] ends) {}

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
    return draws(use, 0, count, weight);
  }

  /** As above, of those from an index on. */
  Draws draws(Draws.Use use, int from, int count, double weight) {
    return Draws.of(
        use,
        from,
        count,
        bundle.data().elements(),
        bundle.conditioning(),
        weight != 1,
        options.seed());
  }

  /** Of a chain that was fitted: the smaller, the better. */
  @FunctionalInterface
  interface Distaste {
    double of(Candidate chain);
  }

  /** A chain of each length, the nearest to the teacher's ends of those that were fitted. */
  List<Candidate> run(List<Integer> calls) {
    return run(calls, Optional.empty());
  }

  /**
   * A chain of each length, with its distances, the better ones and the others.
   *
   * @param distaste by which short chains are chosen; none for the distance to the teacher's ends,
   *     which chooses the long ones
   */
  List<Candidate> run(List<Integer> calls, Optional<Distaste> distaste) {
    progress.phase("the teacher's chains");
    List<Lesson> lessons = new ArrayList<>();
    for (double weight : weights) {
      Draws draws = draws(Draws.Use.FIT, options.chains(), weight);
      lessons.add(
          new Lesson(
              weight,
              draws.start(teacher.initialScale()),
              draws.labels(),
              chains.watch(teacher, model.schedule(), draws, weight)));
    }
    List<HeldOut> heldOut = weights.stream().map(this::heldOut).toList();
    List<HeldOut> between = between(weights).stream().map(this::heldOut).toList();
    ChainFit fit = new ChainFit(model, clipping, network, lessons);
    List<Candidate> candidates = new ArrayList<>();
    for (int count : calls) {
      progress.phase("chains of %d calls".formatted(count));
      candidates.add(proven(best(fit, lessons, count, distaste), heldOut, between));
    }
    return candidates;
  }

  private HeldOut heldOut(double weight) {
    Draws draws = draws(Draws.Use.HELD_OUT, options.chains(), weight);
    return new HeldOut(weight, draws, chains.run(teacher, draws, weight));
  }

  /** Where interpolated factors are measured: half way between each two weights. */
  static List<Double> between(List<Double> weights) {
    List<Double> between = new ArrayList<>();
    for (int i = 1; i < weights.size(); i++) {
      between.add((weights.get(i - 1) + weights.get(i)) / 2);
    }
    return between;
  }

  /** Whether timesteps of so many calls are chosen by samples, where samples are compared. */
  static boolean isChosen(int calls) {
    return calls <= CHOSEN_CALLS;
  }

  private Candidate best(
      ChainFit fit, List<Lesson> lessons, int calls, Optional<Distaste> distaste) {
    Map<String, ChainFit.Fitted> fitted = new LinkedHashMap<>();
    Grids.of(model, calls).forEach(grid -> fitted.put(grid.name(), fit.fit(grid.timesteps())));
    if (options.search()) {
      ChainFit.Fitted best = nearest(fitted).getValue();
      ChainFit.Fitted found = new TimeSearch(model, fit).improve(best);
      if (!found.timesteps().equals(best.timesteps())) {
        fitted.put("searched", found);
      }
    }
    Map.Entry<String, ChainFit.Fitted> nearest = nearest(fitted);
    if (distaste.isEmpty() || !isChosen(calls)) {
      return together(nearest.getKey(), nearest.getValue(), lessons);
    }
    double most = ABOUT_AS_NEAR * nearest.getValue().residual();
    Map<Candidate, Double> disliked = new LinkedHashMap<>();
    fitted.forEach(
        (grid, chain) -> {
          if (chain.residual() <= most) {
            Candidate candidate = together(grid, chain, lessons);
            disliked.put(candidate, distaste.get().of(candidate));
          }
        });
    return Collections.min(disliked.entrySet(), Map.Entry.comparingByValue()).getKey();
  }

  private static Map.Entry<String, ChainFit.Fitted> nearest(Map<String, ChainFit.Fitted> fitted) {
    return Collections.min(
        fitted.entrySet(), Comparator.comparingDouble(entry -> entry.getValue().residual()));
  }

  /** The chain with its factors fitted together. */
  private Candidate together(String grid, ChainFit.Fitted chain, List<Lesson> lessons) {
    List<List<FittedTable.Factors>> factors = new ArrayList<>();
    for (int i = 0; i < lessons.size(); i++) {
      factors.add(
          new EndFit(model, clipping, network, lessons.get(i), chain.timesteps(), chain.reach())
              .improve(chain.factors().get(i)));
    }
    return candidate(grid, chain, factors);
  }

  private Candidate candidate(
      String grid, ChainFit.Fitted fitted, List<List<FittedTable.Factors>> factors) {
    return new Candidate(
        grid,
        fitted.timesteps(),
        weights,
        factors,
        Collections.nCopies(weights.size(), UNMEASURED),
        List.of());
  }

  private Candidate proven(Candidate candidate, List<HeldOut> heldOut, List<HeldOut> between) {
    return new Candidate(
        candidate.grid(),
        candidate.timesteps(),
        weights,
        candidate.factors(),
        heldOut.stream().map(others -> proof(candidate, others)).toList(),
        between.stream()
            .map(others -> new FittedBetween(others.weight(), proof(candidate, others)))
            .toList());
  }

  private FittedProof proof(Candidate candidate, HeldOut others) {
    return new FittedProof(
        distance(plan(candidate, others.weight()), others),
        distance(handMade(TEACHER, candidate.calls()), others),
        distance(handMade("dpmpp-2m", candidate.calls()), others),
        null);
  }

  private double distance(ChainPlan plan, HeldOut others) {
    return Distance.between(chains.run(plan, others.draws(), others.weight()), others.ends());
  }

  /** What a chain makes of such draws. */
  float[][] sample(ChainPlan plan, Draws draws, double weight) {
    return chains.run(plan, draws, weight);
  }

  List<Double> weights() {
    return weights;
  }
}
