package dev.ancestral.exporter.fit;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.sampler.FittedProof.Comparison;
import dev.ancestral.trainer.quality.FrechetBootstrap;
import dev.ancestral.trainer.quality.FrechetRatio;
import dev.ancestral.trainer.quality.HighFrequencies;
import dev.ancestral.trainer.quality.Variety;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Compares chains with their teacher, at one guidance weight, by what both draw from the same x_T.
 */
final class Judgement {
  /**
   * In place of a bound that proves nothing: where the teacher cannot be told from the reference,
   * or where samples are points, whose mean and covariance leave out what their shape is.
   */
  static final double UNKNOWN = 1e6;

  private final Bundle bundle;
  private final Reference reference;
  private final Draws draws;
  private final List<float[]> teacher;
  private final FrechetBootstrap bootstrap;
  private final float[][] equallyMany;

  /**
   * Made once for all chains of a weight.
   *
   * @param teacher what the teacher made of the draws
   * @param seed of the bootstrap
   */
  Judgement(Bundle bundle, Reference reference, Draws draws, float[][] teacher, long seed) {
    this.bundle = bundle;
    this.reference = reference;
    this.draws = draws;
    this.teacher = List.of(teacher);
    this.bootstrap =
        new FrechetBootstrap(reference.features().of(this.teacher), reference.rows(), seed);
    this.equallyMany =
        Arrays.copyOf(reference.rows(), Math.min(reference.rows().length, draws.size()));
  }

  /** Where the compared chains start. */
  Draws draws() {
    return draws;
  }

  /** Of what a chain made of the draws. */
  Comparison of(float[][] results) {
    List<float[]> samples = List.of(results);
    float[][] rows = reference.features().of(samples);
    FrechetRatio ratio = FrechetRatio.of(bootstrap, rows);
    Variety variety = Variety.of(rows, equallyMany, Variety.NEIGHBOURS);
    return new Comparison(
        reference.words(),
        results.length,
        ratio.value(),
        bundle.data().isImage() ? Math.min(ratio.upper95(), UNKNOWN) : UNKNOWN,
        detail(samples),
        accuracy(samples),
        accuracy(teacher),
        variety.precision(),
        variety.recall());
  }

  private @Nullable Double detail(List<float[]> samples) {
    if (!HighFrequencies.measures(bundle.data())) {
      return null;
    }
    return HighFrequencies.energy(samples, bundle.data())
        / HighFrequencies.energy(teacher, bundle.data());
  }

  /** Of the samples that were drawn for a class. */
  private @Nullable Double accuracy(List<float[]> samples) {
    Conditioning classes = bundle.conditioning();
    if (classes == null) {
      return null;
    }
    int[] labelled =
        IntStream.range(0, samples.size())
            .filter(i -> draws.labels()[i] < classes.numClasses())
            .toArray();
    List<float[]> kept = new ArrayList<>();
    int[] labels = new int[labelled.length];
    for (int i = 0; i < labelled.length; i++) {
      kept.add(samples.get(labelled[i]));
      labels[i] = (int) draws.labels()[labelled[i]];
    }
    var share = reference.features().labelAccuracy(kept, labels);
    return share.isPresent() ? share.getAsDouble() : null;
  }
}
