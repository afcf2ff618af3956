package dev.ancestral.bench.kernel;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Past;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.UniversalStep;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The universal step of one row: 32×32 RGB. The noise is there already. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StepBenchmark {
  static final int ELEMENTS = 3 * 32 * 32;
  private static final long SEED = 7;

  /** What a step of DDIM (0) and one of DDPM (its noise's factor) differ in. */
  @Param({"0", "0.1"})
  public double noise;

  /** Entries of the history that it reads: none, as DDIM, or as many as a step can. */
  @Param({"0", "1", "3"})
  public int history;

  private final float[] state = new float[ELEMENTS];
  private final float[] prediction = new float[ELEMENTS];
  private final float[] estimate = new float[ELEMENTS];
  private final float[] normals = new float[ELEMENTS];
  private float[][] past = {};
  private Step step = Step.estimating(0, 1, 0);

  /** A step that keeps the state's size, so that no number leaves the usual range. */
  @Setup(Level.Trial)
  public void prepare() {
    Past factors = new Past(history > 0 ? -0.1 : 0, history > 1 ? 0.05 : 0, history > 2 ? 0.02 : 0);
    step =
        Step.estimating(500, 3.6, -3.4)
            .plusX0(0.3)
            .plusState(0.9)
            .plusPast(factors)
            .plusNoise(noise);
    past = new float[history][ELEMENTS];
    GaussianNoise.fill(state, SEED, NoisePurpose.INITIAL, 0, 0);
    GaussianNoise.fill(prediction, SEED, NoisePurpose.INITIAL, 1, 0);
    GaussianNoise.fill(normals, SEED, NoisePurpose.STEP, 0, 0);
  }

  /** From x_t to the next state. */
  @Benchmark
  public float[] universalStep() {
    UniversalStep.apply(step, ClipRange.UNIT, state, prediction, 0, 0, past, estimate, normals);
    return state;
  }
}
