package dev.ancestral.exporter.fit;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.FittedProof.Comparison;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The teacher and fitted chains at one guidance weight, drawing from the same x_T. Where a chain of
 * fewer calls than the fewest that are proven is about as good, but so many samples leave it open,
 * twice as many are drawn, of the teacher and of such chains alone.
 */
final class Contest {
  private final Bundle bundle;
  private final Fitting fitting;
  private final Reference reference;
  private final double weight;
  private final List<Candidate> candidates;
  private final long seed;
  private final FitProgress progress;
  private final List<float[]> teacher = new ArrayList<>();
  private final List<List<float[]>> drawn = new ArrayList<>();
  private long[] labels = {};

  /** The candidates' calls rise. */
  Contest(
      Bundle bundle,
      Fitting fitting,
      Reference reference,
      double weight,
      List<Candidate> candidates,
      long seed,
      FitProgress progress) {
    this.bundle = bundle;
    this.fitting = fitting;
    this.reference = reference;
    this.weight = weight;
    this.candidates = candidates;
    this.seed = seed;
    this.progress = progress;
    candidates.forEach(candidate -> drawn.add(new ArrayList<>()));
  }

  /**
   * What was found of each candidate.
   *
   * @param samples of each at first
   * @param most of each where that is open
   */
  List<Comparison> run(int samples, int most) {
    int[] all = IntStream.range(0, candidates.size()).toArray();
    Comparison[] found = new Comparison[all.length];
    compare(all, samples, found);
    int[] open = open(found);
    while (open.length > 0 && labels.length < most) {
      int more = Math.min(labels.length, most - labels.length);
      progress.expect(more * rowsOfASample(open));
      compare(open, more, found);
      open = open(found);
    }
    return List.of(found);
  }

  private long rowsOfASample(int[] which) {
    int calls = Arrays.stream(which).map(k -> candidates.get(k).calls()).sum();
    return (long) (weight == 1 ? 1 : 2) * (fitting.teacher().length() + calls);
  }

  /** Draws so many more, and compares all that were drawn. */
  private void compare(int[] which, int more, Comparison[] found) {
    Draws draws = fitting.draws(Draws.Use.COMPARISON, labels.length, more, weight);
    int before = labels.length;
    labels = Arrays.copyOf(labels, before + more);
    System.arraycopy(draws.labels(), 0, labels, before, more);
    progress.phase("the teacher's samples");
    draw(fitting.teacher(), draws, teacher);
    Judgement judgement = new Judgement(bundle, reference, labels, teacher, seed);
    for (int k : which) {
      Candidate candidate = candidates.get(k);
      progress.phase("samples of %d calls".formatted(candidate.calls()));
      draw(fitting.plan(candidate, weight), draws, drawn.get(k));
      found[k] = judgement.of(drawn.get(k));
    }
  }

  private void draw(ChainPlan plan, Draws draws, List<float[]> samples) {
    samples.addAll(Arrays.asList(fitting.sample(plan, draws, weight)));
  }

  /** Those that would become the default, were they proven. */
  private static int[] open(Comparison[] found) {
    int proven =
        IntStream.range(0, found.length)
            .filter(k -> found[k].holds())
            .findFirst()
            .orElse(found.length);
    return IntStream.range(0, proven).filter(k -> found[k].isOpen()).toArray();
  }
}
