package dev.ancestral.exporter.fit;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.sampler.FittedProof.Comparison;
import dev.ancestral.trainer.quality.Features;
import dev.ancestral.trainer.quality.LabelledSamples;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what may be the default: draws samples of the teacher and of every fitted chain from the
 * same x_T, at each weight, and compares both with the run's data, or, where they are not at hand,
 * with what the teacher draws from other x_T.
 */
final class Comparing {
  private final Bundle bundle;
  private final Fitting fitting;
  private final FitOptions options;
  private final FitProgress progress;

  Comparing(Bundle bundle, Fitting fitting, FitOptions options, FitProgress progress) {
    this.bundle = bundle;
    this.fitting = fitting;
    this.options = options;
    this.progress = progress;
  }

  /**
   * The candidates with their comparisons.
   *
   * @param candidates by their calls, which rise
   * @param data of the run; null if there are none
   * @param most samples of each, where fewer leave open what is as good as the teacher
   */
  List<Candidate> run(List<Candidate> candidates, @Nullable LabelledSamples data, int most) {
    List<List<Comparison>> comparisons = new ArrayList<>();
    progress.phase("samples to compare with");
    LabelledSamples first = data == null ? others(1) : data;
    try (Features features = Features.fitToTell(first, options.seed())) {
      for (double weight : fitting.weights()) {
        LabelledSamples reference = data != null || weight == 1 ? first : others(weight);
        comparisons.add(
            new Contest(
                    bundle,
                    fitting,
                    reference(features, reference, data != null),
                    weight,
                    candidates,
                    options.seed(),
                    progress)
                .run(options.samples(), most));
      }
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

  private static Reference reference(Features features, LabelledSamples reference, boolean real) {
    List<float[]> samples = new ArrayList<>();
    for (int i = 0; i < reference.size(); i++) {
      samples.add(reference.sample(i));
    }
    String words =
        (real ? "%d of the run's data" : "%d samples of the teacher's").formatted(samples.size());
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
}
