package dev.ancestral.server.onnx;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.UniversalStep;
import dev.ancestral.server.engine.ChainRow;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One sample, and the plain loop over the network that a chain on the device must agree with. */
final class SingleSteps implements ChainRow {
  private final ChainPlan plan;
  private final int label;
  private final @Nullable Guidance guidance;
  private final int seed;
  private final float[] state;
  private final float[] estimate;
  int step;

  private SingleSteps(
      ChainPlan plan,
      int label,
      @Nullable Guidance guidance,
      int seed,
      float[] state,
      float[] estimate) {
    this.plan = plan;
    this.label = label;
    this.guidance = guidance;
    this.seed = seed;
    this.state = state;
    this.estimate = estimate;
  }

  /** A fresh sample; its estimate holds what no first step may read. */
  static SingleSteps begin(
      ChainPlan plan, int label, @Nullable Guidance guidance, int seed, int elements) {
    SingleSteps sample =
        new SingleSteps(plan, label, guidance, seed, new float[elements], new float[elements]);
    GaussianNoise.fill(sample.state, seed, NoisePurpose.INITIAL, 0, 0);
    for (int i = 0; i < elements; i++) {
      sample.state[i] *= (float) plan.initialScale();
      sample.estimate[i] = Float.NaN;
    }
    return sample;
  }

  SingleSteps copy() {
    SingleSteps copy =
        new SingleSteps(plan, label, guidance, seed, state.clone(), estimate.clone());
    copy.step = step;
    return copy;
  }

  @SuppressWarnings("ArrayRecordComponent") // Handed to the network, never compared.
  private record NetworkRow(float[] state, double timestep, int label) implements Row {}

  /** Takes steps, each alone. */
  void take(Denoiser denoiser, int steps) {
    int length = denoiser.predictionElements();
    float[] output = new float[2 * length];
    float[] noise = new float[state.length];
    for (int i = 0; i < steps; i++) {
      Step row = plan.steps().get(step);
      NetworkRow labelled = new NetworkRow(state, row.timestep(), label);
      if (guidance == null) {
        denoiser.predict(List.of(labelled), output);
      } else {
        NetworkRow unlabelled = new NetworkRow(state, row.timestep(), guidance.nullLabel());
        denoiser.predict(List.of(labelled, unlabelled), output);
        guidance.apply(output, 0, length, state.length);
      }
      noise(step, noise);
      UniversalStep.apply(row, plan.clipping(), state, output, 0, state.length, estimate, noise);
      step++;
    }
  }

  @Override
  public ChainPlan plan() {
    return plan;
  }

  @Override
  public int step() {
    return step;
  }

  @Override
  public int label() {
    return label;
  }

  @Override
  public @Nullable Guidance guidance() {
    return guidance;
  }

  @Override
  public float[] state() {
    return state;
  }

  @Override
  public float[] estimate() {
    return estimate;
  }

  @Override
  public void noise(int at, float[] out) {
    GaussianNoise.fill(out, seed, NoisePurpose.STEP, 0, at);
  }
}
