package dev.ancestral.bench.load;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.SampleRequest;
import java.util.List;

/**
 * The requests that are sent: one sample each, of the only model that is served unless they say
 * which.
 */
public final class Requests {
  /** The longest chain that is asked for. */
  public static final int MOST_STEPS = 250;

  /** Step counts of a mixed load, each as likely as another. */
  public static final List<Integer> MIXED_STEPS = List.of(10, 25, 50, 100, MOST_STEPS);

  private static final int STREAM = 2;

  private Requests() {}

  /** A request of so many steps without noise between them. */
  public static SampleRequest ofSteps(int steps, long seed) {
    return SampleRequest.newBuilder().setSampler("ddim").setSteps(steps).setSeed(seed).build();
  }

  /** A request of the chain of so many calls that was fitted to the network. */
  public static SampleRequest ofFitted(int calls, long seed) {
    return SampleRequest.newBuilder().setSampler("fitted").setSteps(calls).setSeed(seed).build();
  }

  /** The same of one of several models. */
  public static SampleRequest of(String model, SampleRequest request) {
    return request.toBuilder().setModel(model).build();
  }

  /** The same with every state on the way, none of them left out. */
  public static SampleRequest withEveryFrame(SampleRequest request) {
    return request.toBuilder().setFrames(Frames.newBuilder().setEvery(1).setLossless(true)).build();
  }

  /** Request {@code index} of the mixed load of this seed; half of them draw noise at each step. */
  public static SampleRequest mixed(long seed, int index) {
    PhiloxRandom random = new PhiloxRandom(seed, NoisePurpose.DATA, STREAM, index);
    int steps = MIXED_STEPS.get(random.nextInt(MIXED_STEPS.size()));
    return ofSteps(steps, random.nextLong()).toBuilder().setEta(random.nextInt(2)).build();
  }

  /** Steps of a mixed request in the mean. */
  public static double meanMixedSteps() {
    return MIXED_STEPS.stream().mapToInt(Integer::intValue).average().orElseThrow();
  }
}
