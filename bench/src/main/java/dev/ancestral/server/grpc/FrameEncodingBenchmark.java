package dev.ancestral.server.grpc;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.Tensor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One frame of 32×32 RGB from numbers to the message's bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FrameEncodingBenchmark {
  private static final long SEED = 7;

  private static final SampleRequest REQUEST =
      SampleRequest.newBuilder().setModel("frames").setSeed(SEED).setSampler("ddim").build();

  /** How the frame travels. */
  @Param({"ENCODING_FLOAT32", "ENCODING_UINT8", "ENCODING_PNG"})
  public Encoding encoding = Encoding.ENCODING_FLOAT32;

  private final TensorCodec codec =
      new TensorCodec(new DataSpec(List.of(3L, 32L, 32L), -1, 1, 256));
  private final float[] numbers = new float[3 * 32 * 32];

  /** Noise, which no encoding makes small. */
  @Setup
  public void prepare() {
    GaussianNoise.fill(numbers, SEED, NoisePurpose.INITIAL, 0, 0);
  }

  /** The tensor of a frame. */
  @Benchmark
  public Tensor encode() {
    return codec.encode(numbers, encoding, () -> Recipe.ofSample(REQUEST, "", 0));
  }
}
