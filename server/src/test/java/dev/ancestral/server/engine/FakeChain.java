package dev.ancestral.server.engine;

import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.UniversalStep;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** {@link FakeDenoiser}'s formula with the universal step around it. Remembers its calls. */
final class FakeChain implements DeviceChain {
  private final int maxSteps;
  private final List<Integer> calls = new CopyOnWriteArrayList<>();
  private volatile boolean poisoned;

  FakeChain(int maxSteps) {
    this.maxSteps = maxSteps;
  }

  /** The steps of each call, in order. */
  List<Integer> calls() {
    return calls;
  }

  /** From now on a state gets a NaN. */
  void poison() {
    poisoned = true;
  }

  @Override
  public int maxRows() {
    return 16;
  }

  @Override
  public int maxSteps() {
    return maxSteps;
  }

  @Override
  public void run(List<? extends ChainRow> samples, int steps) {
    calls.add(steps);
    for (ChainRow sample : samples) {
      for (int i = 0; i < steps; i++) {
        take(sample, sample.step() + i);
      }
      if (poisoned) {
        sample.state()[0] = Float.NaN;
      }
    }
  }

  private static void take(ChainRow sample, int at) {
    Step step = sample.plan().steps().get(at);
    Guidance guidance = sample.guidance();
    float[] state = sample.state();
    float[] output = new float[2 * state.length];
    for (int j = 0; j < state.length; j++) {
      output[j] = FakeDenoiser.predict(state[j], step.timestep(), sample.label());
      if (guidance != null) {
        output[state.length + j] =
            FakeDenoiser.predict(state[j], step.timestep(), guidance.nullLabel());
      }
    }
    if (guidance != null) {
      guidance.apply(output, 0, state.length, state.length);
    }
    float[] noise = new float[state.length];
    sample.noise(at, noise);
    UniversalStep.apply(
        step,
        sample.plan().clipping(),
        state,
        output,
        0,
        0,
        sample.history(),
        sample.estimate(),
        noise);
  }

  @Override
  public void close() {}
}
