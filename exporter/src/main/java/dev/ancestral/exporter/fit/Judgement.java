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
  /** In place of a bound that proves nothing: the teacher cannot be told from the reference. */
  static final double UNKNOWN = 1e6;

  private final Bundle bundle;
  private final Reference reference;
  private final long[] labels;
  private final List<float[]> teacher;
  private final FrechetBootstrap bootstrap;
  private final float[][] equallyMany;

  /**
   * Made once for all chains of a weight.
   *
   * @param labels that the samples were drawn for
   * @param teacher what the teacher drew
   * @param seed of the bootstrap
   */
  Judgement(Bundle bundle, Reference reference, long[] labels, List<float[]> teacher, long seed) {
    this.bundle = bundle;
    this.reference = reference;
    this.labels = labels;
    this.teacher = List.copyOf(teacher);
    this.bootstrap =
        new FrechetBootstrap(reference.features().of(this.teacher), reference.rows(), seed);
    this.equallyMany =
        Arrays.copyOf(reference.rows(), Math.min(reference.rows().length, teacher.size()));
  }

  /** Of what a chain drew from the teacher's x_T. */
  Comparison of(List<float[]> samples) {
    float[][] rows = reference.features().of(samples);
    FrechetRatio ratio = FrechetRatio.of(bootstrap, rows);
    Variety variety = Variety.of(rows, equallyMany, Variety.NEIGHBOURS);
    return new Comparison(
        reference.words(),
        samples.size(),
        ratio.value(),
        Math.min(ratio.upper95(), UNKNOWN),
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
        IntStream.range(0, samples.size()).filter(i -> labels[i] < classes.numClasses()).toArray();
    List<float[]> kept = new ArrayList<>();
    int[] asked = new int[labelled.length];
    for (int i = 0; i < labelled.length; i++) {
      kept.add(samples.get(labelled[i]));
      asked[i] = (int) labels[labelled[i]];
    }
    var share = reference.features().labelAccuracy(kept, asked);
    return share.isPresent() ? share.getAsDouble() : null;
  }
}
