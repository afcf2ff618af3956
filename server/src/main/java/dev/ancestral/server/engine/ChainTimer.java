package dev.ancestral.server.engine;

import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Times calls of 2, 4, 8 and so on steps of one sample, where a call's own cost weighs most. Each
 * is run a few times, of which the fastest counts: what is slower was held up.
 */
final class ChainTimer {
  private static final int CALLS = 3;

  private final DeviceChain chain;
  private final LongSupplier nanos;

  ChainTimer(DeviceChain chain, LongSupplier nanos) {
    this.chain = chain;
    this.nanos = nanos;
  }

  /** A sample that stays where it is. */
  @SuppressWarnings("ArrayRecordComponent") // Handed to the chain, never compared.
  private record Still(ChainPlan plan, float[] state, float[] estimate, float[][] history)
      implements ChainRow {
    @Override
    public int step() {
      return 0;
    }

    @Override
    public int label() {
      // All networks with labels know label 0.
      return 0;
    }

    @Override
    public @Nullable Guidance guidance() {
      return null;
    }

    @Override
    public void noise(int step, float[] out) {
      throw new IllegalStateException("step %d draws no noise".formatted(step));
    }
  }

  /** The steps of a call that are worthwhile, beside a step that is a call of its own. */
  int worthwhile(double singleMillis, float[] state) {
    // x' = x at timestep 0, which every network knows.
    Step step = Step.estimating(0, 1, 0).plusState(1);
    ChainPlan plan =
        new ChainPlan("still", 1, Clipping.NONE, Collections.nCopies(chain.maxSteps(), step));
    List<Still> sample =
        List.of(new Still(plan, state.clone(), new float[state.length], new float[0][]));
    List<ChainLength.Cost> costs = new ArrayList<>();
    for (int steps = 2; steps <= chain.maxSteps(); steps *= 2) {
      long fastest = Long.MAX_VALUE;
      for (int call = 0; call < CALLS; call++) {
        long start = nanos.getAsLong();
        chain.run(sample, steps);
        fastest = Math.min(fastest, nanos.getAsLong() - start);
      }
      double millis = fastest / 1e6;
      costs.add(new ChainLength.Cost(steps, millis / steps));
      if (millis > ChainLength.MOST_MILLIS) {
        break;
      }
    }
    return ChainLength.worthwhile(singleMillis, costs);
  }
}
