package dev.ancestral.server.check;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.UniversalStep;
import dev.ancestral.server.engine.ChainRow;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.DeviceChain;
import dev.ancestral.server.engine.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One sample that is run in several ways to be compared: by single steps, the plain loop over the
 * network that every other way must agree with, and by the chain on the device. Not thread-safe.
 */
public final class ComparedSample implements ChainRow {
  private static final long SEED = 1;

  private final ChainPlan plan;
  private final int index;
  private final int label;
  private final @Nullable Guidance guidance;
  private final float[] state;
  private final float[] estimate;
  private final float[][] history;
  private int step;

  /**
   * At its beginning, with a history of what is no number, since no first step may read it.
   *
   * @param index tells its noise from that of other samples
   * @param label of its class; without meaning where the network takes none
   */
  public ComparedSample(
      ChainPlan plan, int index, int label, @Nullable Guidance guidance, int elements) {
    this(
        plan,
        index,
        label,
        guidance,
        new float[elements],
        new float[elements],
        new float[plan.historyLength()][elements]);
    GaussianNoise.fill(state, SEED, NoisePurpose.INITIAL, index, 0);
    for (int i = 0; i < elements; i++) {
      state[i] *= (float) plan.initialScale();
    }
    for (float[] entry : history) {
      Arrays.fill(entry, Float.NaN);
    }
  }

  private ComparedSample(
      ChainPlan plan,
      int index,
      int label,
      @Nullable Guidance guidance,
      float[] state,
      float[] estimate,
      float[][] history) {
    this.plan = plan;
    this.index = index;
    this.label = label;
    this.guidance = guidance;
    this.state = state;
    this.estimate = estimate;
    this.history = history;
  }

  /** The same sample where it is now, to be run on in another way. */
  public ComparedSample copy() {
    ComparedSample copy =
        new ComparedSample(
            plan,
            index,
            label,
            guidance,
            state.clone(),
            estimate.clone(),
            Arrays.stream(history).map(float[]::clone).toArray(float[][]::new));
    copy.step = step;
    return copy;
  }

  /**
   * The same sample where it is now, but for its state, which other noise moved a little: how far
   * apart the two are some steps later says what these steps make of a rounding.
   *
   * @param share of that noise, relative to the largest number of the state or to 1
   */
  ComparedSample nudged(double share) {
    ComparedSample copy = copy();
    float[] nudge = new float[state.length];
    GaussianNoise.fill(nudge, SEED + 1, NoisePurpose.STEP, index, step);
    double scale = 1;
    for (float value : state) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < nudge.length; i++) {
      copy.state[i] += (float) (share * scale * nudge[i]);
    }
    return copy;
  }

  /** The same state, under this label. */
  @SuppressWarnings("ArrayRecordComponent") // Handed to the network, never compared.
  private record NetworkRow(float[] state, double timestep, int label) implements Row {}

  /** Takes steps with all samples, each step one call of the network. */
  public static void singleSteps(List<ComparedSample> samples, Denoiser denoiser, int steps) {
    int length = denoiser.predictionElements();
    int elements = denoiser.elements();
    float[] noise = new float[elements];
    for (int i = 0; i < steps; i++) {
      List<Row> rows = new ArrayList<>();
      samples.forEach(sample -> sample.addRowsTo(rows));
      float[] output = new float[rows.size() * length];
      denoiser.predict(rows, output);
      int offset = 0;
      for (ComparedSample sample : samples) {
        sample.advance(output, offset, length, noise);
        offset += (sample.guidance == null ? 1 : 2) * length;
      }
    }
  }

  /** Takes steps with all samples, at most {@code turns} in one call. */
  public static void chained(
      List<ComparedSample> samples, DeviceChain chain, int steps, int turns) {
    for (int left = steps; left > 0; left -= turns) {
      int taken = Math.min(turns, left);
      chain.run(samples, taken);
      samples.forEach(sample -> sample.took(taken));
    }
  }

  private void addRowsTo(List<Row> rows) {
    double timestep = plan.steps().get(step).timestep();
    rows.add(new NetworkRow(state, timestep, label));
    if (guidance != null) {
      rows.add(new NetworkRow(state, timestep, guidance.nullLabel()));
    }
  }

  private void advance(float[] output, int offset, int length, float[] noise) {
    if (guidance != null) {
      guidance.apply(output, offset, offset + length, state.length);
    }
    Step row = plan.steps().get(step);
    if (row.isStochastic()) {
      noise(step, noise);
    }
    int variance = offset + state.length;
    UniversalStep.apply(
        row, plan.clipping(), state, output, offset, variance, history, estimate, noise);
    took(1);
  }

  private void took(int steps) {
    step += steps;
    if (step == plan.length()) {
      plan.finish(state);
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
  public float[][] history() {
    return history;
  }

  @Override
  public void noise(int at, float[] out) {
    GaussianNoise.fill(out, SEED, NoisePurpose.STEP, index, at);
  }
}
