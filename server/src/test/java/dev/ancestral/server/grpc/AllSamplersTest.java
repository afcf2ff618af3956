package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.Chains;
import dev.ancestral.server.engine.FakeDenoiser;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the registry has is served. */
@Timeout(60)
final class AllSamplersTest {
  private static final long SEED = 23;
  private static final int SAMPLES = 5;
  private static final int STEPS = 12;

  static Stream<Arguments> everySamplerOfEveryModel() {
    return Stream.of(
            Bundles.DIGITS,
            Bundles.withVariance(Bundles.UNCONDITIONAL, Variance.LEARNED_RANGE),
            Bundles.SCORE)
        .flatMap(
            bundle ->
                Samplers.namesFor(bundle.model()).stream()
                    .map(
                        sampler ->
                            Arguments.of(
                                sampler, bundle.scheduler().predictionType().label(), bundle)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("everySamplerOfEveryModel")
  void everySamplerIsServed_asAPlainLoopRunsIt(String sampler, String prediction, Bundle bundle) {
    boolean variance = bundle.scheduler().variance().isLearned();
    FakeDenoiser denoiser =
        new FakeDenoiser(bundle.data().shape(), bundle.conditioning() != null, variance, 4);
    SampleRequest request =
        SampleRequest.newBuilder()
            .setSampler(sampler)
            .setSteps(Math.min(STEPS, bundle.scheduler().schedule().timesteps()))
            .setSeed(SEED)
            .setNumSamples(SAMPLES)
            .build();
    ResolvedRequest resolved =
        new RequestResolver(() -> 0).resolve(request, "digits", bundle, SAMPLES);
    ChainPlan plan = resolved.chain().plan();
    int label = resolved.chain().labels().get(0);
    List<Sample> samples;
    try (TestServer server = TestServer.of(bundle, denoiser)) {
      samples =
          server.sample(request).stream()
              .filter(SampleResponse::hasSample)
              .map(SampleResponse::getSample)
              .toList();
    }
    assertEquals(SAMPLES, samples.size());
    for (Sample sample : samples) {
      assertArrayEquals(
          Chains.plainLoop(plan, SEED, sample.getSampleIndex(), label, bundle.data().elements()),
          floats(sample));
    }
  }

  private static float[] floats(Sample sample) {
    float[] numbers = new float[sample.getData().getFloat32().size() / Float.BYTES];
    sample
        .getData()
        .getFloat32()
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(numbers);
    return numbers;
  }
}
