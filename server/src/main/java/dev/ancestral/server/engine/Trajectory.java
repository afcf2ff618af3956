package dev.ancestral.server.engine;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.UniversalStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One sample's way from noise to data. Belongs to the engine's thread.
 *
 * <pre>
 *            begin            last step
 *  WAITING ---------> RUNNING ---------> FINISHED
 *     |                  |
 *     +------------------+------------> DROPPED    its request was cancelled or failed
 * </pre>
 *
 * Between two steps a running trajectory may sit out any number of calls; nothing depends on which
 * ones, since state, step and noise are its own.
 */
final class Trajectory implements Row, ChainRow {
  /** Where on its way it is. */
  enum Phase {
    WAITING,
    RUNNING,
    FINISHED,
    DROPPED
  }

  /** The same state under the null label. */
  private final class Unlabelled implements Row {
    private final int nullLabel;

    Unlabelled(int nullLabel) {
      this.nullLabel = nullLabel;
    }

    @Override
    public float[] state() {
      return state;
    }

    @Override
    public double timestep() {
      return Trajectory.this.timestep();
    }

    @Override
    public int label() {
      return nullLabel;
    }
  }

  static final float[] NOTHING = new float[0];
  private static final float[][] NO_HISTORY = {};

  private final Cohort cohort;

  /** Which of its request, from 0. */
  private final int sample;

  /** Which of its seed: what its noise and its label belong to. */
  private final int index;

  private final ChainPlan plan;

  /** The second row of a guided sample. */
  private final @Nullable Unlabelled unlabelled;

  private Phase phase = Phase.WAITING;
  private float[] state = NOTHING;

  /** The latest estimate of x_0: its own, where a frame reads it; else one that rows share. */
  private float[] estimate = NOTHING;

  /** What its steps left for those that come, the newest first. */
  private float[][] history = NO_HISTORY;

  private int step;

  Trajectory(Cohort cohort, int sample) {
    this.cohort = cohort;
    this.sample = sample;
    this.index = cohort.request().firstIndex() + sample;
    this.plan = cohort.request().plan();
    Guidance guidance = cohort.request().guidance();
    this.unlabelled =
        guidance != null && guidance.appliesTo(label())
            ? new Unlabelled(guidance.nullLabel())
            : null;
  }

  Cohort cohort() {
    return cohort;
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
  public @Nullable Guidance guidance() {
    return unlabelled == null ? null : cohort.request().guidance();
  }

  Phase phase() {
    return phase;
  }

  int sample() {
    return sample;
  }

  /** Whether it has no step left to take. */
  boolean isOver() {
    return phase == Phase.FINISHED || phase == Phase.DROPPED;
  }

  /** Rows that it takes in a call: two if it is guided. */
  int rowCount() {
    return unlabelled == null ? 1 : 2;
  }

  /** Adds its rows; the labelled one, whose variance half counts, comes first. */
  void addRowsTo(List<Row> rows) {
    rows.add(this);
    if (unlabelled != null) {
      rows.add(unlabelled);
    }
  }

  int stepsLeft() {
    return plan.length() - step;
  }

  /** Steps up to the next one that somebody wants to see, the last at the latest. */
  int stepsUnseen() {
    return cohort.request().frames().next(step, plan.length()) - step;
  }

  /** Work of its request up to the end of this sample, if one sample ran after the other. */
  long rowStepsLeft() {
    return rowCount() * ((long) sample * plan.length() + stepsLeft());
  }

  /**
   * Draws x_T, unless that was done.
   *
   * @param shared takes the estimates of x_0 that nobody reads
   */
  void begin(float[] shared) {
    if (phase != Phase.WAITING) {
      return;
    }
    phase = Phase.RUNNING;
    ChainRequest request = cohort.request();
    state = new float[cohort.elements()];
    estimate = request.frames().estimate() ? new float[state.length] : shared;
    int entries = plan.historyLength();
    history = entries == 0 ? NO_HISTORY : new float[entries][state.length];
    ChainRequest.InitialNoise given = request.initialNoise();
    if (given == null) {
      GaussianNoise.fill(state, request.seed(), NoisePurpose.INITIAL, index, 0);
    } else {
      given.fill(sample, state);
    }
    float scale = (float) plan.initialScale();
    if (scale != 1) {
      for (int i = 0; i < state.length; i++) {
        state[i] *= scale;
      }
    }
    cohort.begin();
    cohort.frame(index, 0, timestep(), state, estimate);
  }

  /** Whether the step that comes is a stochastic one. */
  boolean drawsNoise() {
    return plan.steps().get(step).isStochastic();
  }

  /** Draws the noise of the step that comes; {@code words} as the noise's own method has it. */
  void drawNoise(float[] noise, int[] words) {
    GaussianNoise.fill(noise, cohort.request().seed(), NoisePurpose.STEP, index, step, words);
  }

  /**
   * Takes one step with the predictions of its rows; one that is not finite fails the request.
   *
   * @param offset where the first row's prediction starts
   * @param rowLength distance to the second row's
   * @param noise what {@link #drawNoise} drew, if the step {@linkplain #drawsNoise draws any}
   */
  void advance(float[] predictions, int offset, int rowLength, float[] noise) {
    Step row = plan.steps().get(step);
    Guidance guidance = cohort.request().guidance();
    if (guidance != null && unlabelled != null) {
      guidance.apply(predictions, offset, offset + rowLength, state.length);
    }
    int read = row.usesVariance() ? 2 * state.length : state.length;
    if (!isFinite(predictions, offset, read)) {
      cohort.fail(new NonFinitePredictionException(index, step, row.timestep()));
      return;
    }
    int variance = offset + state.length;
    UniversalStep.apply(
        row, plan.clipping(), state, predictions, offset, variance, history, estimate, noise);
    took(1);
  }

  /** The state has taken steps on the device; one that is not finite fails the request. */
  void advanced(int steps) {
    if (isFinite(state, 0, state.length)) {
      took(steps);
    } else {
      cohort.fail(new NonFinitePredictionException(index, step, timestep()));
    }
  }

  private void took(int steps) {
    double timestep = plan.steps().get(step + steps - 1).timestep();
    step += steps;
    if (step == plan.length()) {
      phase = Phase.FINISHED;
      plan.finish(state);
    }
    cohort.countSteps(steps);
    cohort.frame(index, step, timestep, state, estimate);
  }

  /** Hands x_0 over, once it is finished. */
  void deliver() {
    if (phase == Phase.FINISHED) {
      cohort.deliver(index, state);
      release();
    }
  }

  void drop() {
    phase = Phase.DROPPED;
    release();
  }

  private void release() {
    state = NOTHING;
    estimate = NOTHING;
    history = NO_HISTORY;
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
    GaussianNoise.fill(out, cohort.request().seed(), NoisePurpose.STEP, index, at);
  }

  @Override
  public double timestep() {
    return plan.steps().get(step).timestep();
  }

  @Override
  public int label() {
    return cohort.request().label(index);
  }

  private static boolean isFinite(float[] values, int offset, int length) {
    // Zero times infinity or NaN is NaN, and stays it.
    float sum = 0;
    for (int i = offset; i < offset + length; i++) {
      sum += values[i] * 0;
    }
    return sum == 0;
  }
}
