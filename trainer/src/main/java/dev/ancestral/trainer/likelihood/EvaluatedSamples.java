package dev.ancestral.trainer.likelihood;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Samples whose likelihood is asked for.
 *
 * @param samples at least one
 * @param labels of each, as the network takes them; zeros for an unconditional network
 * @param description of where they come from, in words
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier; nobody compares samples.
public record EvaluatedSamples(List<float[]> samples, long[] labels, String description) {
  /** Other permutations of a data set belong to splits and to pictures. */
  private static final int PERMUTATION = 2;

  /**
   * Draws samples: afresh where the data's distribution is known, else at random from the data.
   *
   * @param limit how many at most
   * @param seed of the choice
   * @param conditioning of the network; null for an unconditional one
   * @throws UserError if the network asks for labels that the data cannot give
   */
  public static EvaluatedSamples draw(
      Dataset data, int limit, long seed, @Nullable Conditioning conditioning) {
    String source = data.description().source();
    Optional<List<float[]>> fresh = data.drawAfresh(limit, seed);
    if (fresh.isPresent()) {
      long[] labels = new long[limit];
      Arrays.fill(labels, label(data, 0, conditioning));
      return new EvaluatedSamples(
          fresh.get(), labels, "%d samples of %s, drawn afresh".formatted(limit, source));
    }
    int count = Math.min(limit, data.size());
    int[] order =
        new PhiloxRandom(seed, NoisePurpose.DATA, PERMUTATION, 0).permutation(data.size());
    List<float[]> samples = new ArrayList<>(count);
    long[] labels = new long[count];
    for (int i = 0; i < count; i++) {
      float[] sample = new float[data.description().spec().elements()];
      data.sample(order[i], sample);
      samples.add(sample);
      labels[i] = label(data, order[i], conditioning);
    }
    return new EvaluatedSamples(
        samples, labels, "%d of the %d samples of %s".formatted(count, data.size(), source));
  }

  private static long label(Dataset data, int index, @Nullable Conditioning conditioning) {
    if (conditioning == null) {
      return 0;
    }
    if (data.description().isLabelled()) {
      int label = data.label(index);
      if (label >= conditioning.numClasses()) {
        throw new UserError(
            "%s: class %d (expected: 0..%d, the classes that the network knows)"
                .formatted(data.description().source(), label, conditioning.numClasses() - 1));
      }
      return label;
    }
    Integer nullLabel = conditioning.nullLabel();
    if (nullLabel == null) {
      throw new UserError(
          "%s: has no classes (expected: one for each sample, since the network asks for them)"
              .formatted(data.description().source()));
    }
    return nullLabel;
  }
}
