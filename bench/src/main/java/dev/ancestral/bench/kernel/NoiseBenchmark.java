package dev.ancestral.bench.kernel;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The noise of one stochastic step of one row: 32×32 RGB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class NoiseBenchmark {
  private static final long SEED = 7;

  private final float[] noise = new float[StepBenchmark.ELEMENTS];
  private int step;

  /** A row's worth of standard normals. */
  @Benchmark
  public float[] noise() {
    GaussianNoise.fill(noise, SEED, NoisePurpose.STEP, 0, step++);
    return noise;
  }
}
