package dev.ancestral.trainer.calls;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.trainer.run.TrainedNetwork;
import dev.ancestral.trainer.sample.Chain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Draws the same samples by one chain after the other: sample i has the same x_T and the same
 * label, i modulo the classes. No chain was fitted to their x_T. Uses the network's arrays; not
 * thread-safe.
 */
final class Drawing {
  /** Samples that go through a chain together, and rows of a call. */
  private static final int SLICE = 64;

  /** Index of the first sample in its seed's noise: beyond all that a fit draws of that seed. */
  private static final int FIRST = 10_000_000;

  private final TrainedNetwork network;
  private final int count;
  private final @Nullable Guidance guidance;
  private final long seed;

  /**
   * Of a network.
   *
   * @param count of the samples, at least 1
   * @param guidance of all; null for none
   */
  Drawing(TrainedNetwork network, int count, @Nullable Guidance guidance, long seed) {
    this.network = network;
    this.count = count;
    this.guidance = guidance;
    this.seed = seed;
  }

  /** The class of each sample; 0 where there are none. */
  int[] labels() {
    Conditioning conditioning = network.facts().conditioning();
    int[] labels = new int[count];
    Arrays.setAll(labels, i -> conditioning == null ? 0 : i % conditioning.numClasses());
    return labels;
  }

  /**
   * Draws them.
   *
   * @param done is told of samples times calls as they are done
   */
  List<float[]> draw(ChainPlan plan, LongConsumer done) {
    List<float[]> samples = new ArrayList<>(count);
    for (int from = 0; from < count; from += SLICE) {
      int slice = Math.min(SLICE, count - from);
      samples.addAll(Arrays.asList(draw(plan, from, slice)));
      done.accept((long) slice * plan.length());
    }
    return samples;
  }

  /** Seconds of one call for one sample, by a step of this chain. */
  double secondsPerCall(ChainPlan plan) {
    ChainPlan step =
        new ChainPlan(
            plan.sampler(), plan.initialScale(), plan.clipping(), plan.steps().subList(0, 1));
    int slice = Math.min(SLICE, count);
    // The first call is slower: it finds memory and kernels.
    draw(step, 0, slice);
    long start = System.nanoTime();
    draw(step, 0, slice);
    return (System.nanoTime() - start) / 1e9 / slice;
  }

  private float[][] draw(ChainPlan plan, int from, int slice) {
    int[] labels = labels();
    long[] wanted = new long[slice];
    Arrays.setAll(wanted, i -> labels[from + i]);
    return Chain.run(
        network.manager(),
        network::predict,
        plan,
        network.facts().data(),
        network.facts().conditioning() != null,
        new Chain.Wanted(wanted, guidance, seed, FIRST + from),
        SLICE,
        Chain.Watcher.NONE);
  }
}
