package dev.ancestral.server.engine;

import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Guidance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to run, with every default filled in and every bound checked.
 *
 * @param plan the chain that each sample runs
 * @param seed key of all noise
 * @param firstIndex of the first sample, at least 0; noise and label of a sample are its index's
 * @param samples how many, at least 1
 * @param labels the sample of index i gets {@code labels[i mod size]}; at least one, which is
 *     without meaning where the network takes no labels
 * @param guidance of all samples; null for none
 * @param initialNoise x_T before scaling, sample after sample; null draws it from the seed
 * @param frames which intermediate states the listener gets
 */
public record ChainRequest(
    ChainPlan plan,
    long seed,
    int firstIndex,
    int samples,
    List<Integer> labels,
    @Nullable Guidance guidance,
    @Nullable InitialNoise initialNoise,
    FramePlan frames) {
  /** From index 0, without guidance. */
  public ChainRequest(
      ChainPlan plan,
      long seed,
      int samples,
      List<Integer> labels,
      @Nullable InitialNoise initialNoise,
      FramePlan frames) {
    this(plan, seed, 0, samples, labels, null, initialNoise, frames);
  }

  /** Checks what the engine relies on. */
  public ChainRequest {
    labels = List.copyOf(labels);
    if (samples < 1) {
      throw new IllegalArgumentException("samples: %d (expected: at least 1)".formatted(samples));
    }
    if (firstIndex < 0 || firstIndex > Integer.MAX_VALUE - samples) {
      throw new IllegalArgumentException(
          "first index: %d (expected: 0..%d)".formatted(firstIndex, Integer.MAX_VALUE - samples));
    }
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("labels: none (expected: at least 1)");
    }
  }

  /** The label of the sample of this index. */
  int label(int index) {
    return labels.get(index % labels.size());
  }

  /** Where given initial noise comes from. */
  @FunctionalInterface
  public interface InitialNoise {
    /** Writes the standard normal noise of one sample, counted from the request's first. */
    void fill(int sample, float[] out);
  }
}
