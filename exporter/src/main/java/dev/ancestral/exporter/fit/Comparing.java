package dev.ancestral.exporter.fit;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.sampler.FittedProof.Comparison;
import dev.ancestral.trainer.quality.Features;
import dev.ancestral.trainer.quality.FrechetDistance;
import dev.ancestral.trainer.quality.LabelledSamples;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares samples of fitted chains with the run's data, or, where they are not at hand, with what
 * the teacher draws from other x_T. It chooses between chains of as many calls, and decides which
 * of those that were chosen may be the default: on samples of other x_T, so that a lucky choice
 * proves nothing.
 */
final class Comparing implements AutoCloseable {
  private final Bundle bundle;
  private final Fitting fitting;
  private final FitOptions options;
  private final FitProgress progress;
  private final @Nullable LabelledSamples data;
  private final Features features;
  private final Reference unguided;

  /**
   * Trains the features, and draws what they are trained on where there are no data.
   *
   * @param data of the run; null if there are none
   */
  Comparing(
      Bundle bundle,
      Fitting fitting,
      @Nullable LabelledSamples data,
      FitOptions options,
      FitProgress progress) {
    this.bundle = bundle;
    this.fitting = fitting;
    this.options = options;
    this.progress = progress;
    this.data = data;
    progress.phase("samples to compare with");
    LabelledSamples first = data == null ? others(1) : data;
    this.features = Features.fitToTell(first, options.seed());
    this.unguided = reference(first);
  }

  /**
   * How far from the reference a chain's samples are, at guidance 1: the Frechet distance of their
   * features.
   */
  double distance(Candidate candidate) {
    Draws draws = fitting.draws(Draws.Use.CHOICE, options.samples(), 1);
    float[][] samples = fitting.sample(fitting.plan(candidate, 1), draws, 1);
    return FrechetDistance.between(features.of(List.of(samples)), unguided.rows());
  }

  /**
   * The candidates with their comparisons: the samples of each and the teacher's from the same x_T,
   * at each weight.
   *
   * @param candidates by their calls, which rise
   * @param most samples of each, where fewer leave open what is as good as the teacher
   */
  List<Candidate> run(List<Candidate> candidates, int most) {
    List<List<Comparison>> comparisons = new ArrayList<>();
    for (double weight : fitting.weights()) {
      Reference reference = data != null || weight == 1 ? unguided : reference(others(weight));
      comparisons.add(
          new Contest(bundle, fitting, reference, weight, candidates, options.seed(), progress)
              .run(options.samples(), most));
    }
    List<Candidate> compared = new ArrayList<>();
    for (int k = 0; k < candidates.size(); k++) {
      int candidate = k;
      compared.add(
          candidates
              .get(k)
              .with(comparisons.stream().map(ofAWeight -> ofAWeight.get(candidate)).toList()));
    }
    return compared;
  }

  private Reference reference(LabelledSamples reference) {
    List<float[]> samples = new ArrayList<>();
    for (int i = 0; i < reference.size(); i++) {
      samples.add(reference.sample(i));
    }
    String words =
        (data != null ? "%d of the run's data" : "%d samples of the teacher's")
            .formatted(samples.size());
    return new Reference(words, features, features.of(samples));
  }

  /** What the teacher draws from x_T of its own, with the labels of classes alone. */
  private LabelledSamples others(double weight) {
    Draws draws = fitting.draws(Draws.Use.REFERENCE, options.samples(), weight);
    float[][] samples = fitting.sample(fitting.teacher(), draws, weight);
    Conditioning classes = bundle.conditioning();
    int known = classes == null ? 0 : classes.numClasses();
    List<float[]> kept = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < samples.length; i++) {
      if (classes == null || draws.labels()[i] < known) {
        kept.add(samples[i]);
        labels.add((int) draws.labels()[i]);
      }
    }
    return LabelledSamples.of(
        bundle.data(), kept, known, labels.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public void close() {
    features.close();
  }
}
