package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.server.engine.Standing;
import dev.ancestral.server.repository.ServedModel;
import dev.ancestral.v1.Accepted;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Progress;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Turns what a request made into messages. Thread-safe. */
final class Responses {
  /**
   * Given noise comes back with the resolved request up to this size, so that {@code accepted}
   * stays below the 4 MB a client takes by default.
   */
  static final int MAX_ECHOED_NOISE = 1 << 20;

  /** Shape, tags and lengths. */
  private static final long AROUND_ACCEPTED = 200;

  private final SampleRequest request;
  private final List<Double> timesteps;
  private final List<Long> dataShape;
  private final TensorCodec codec;
  private final String networkSha256;
  private final String samplerChoice;

  Responses(ResolvedRequest resolved, ServedModel model) {
    Bundle bundle = model.bundle();
    this.request = resolved.request();
    this.timesteps = Arrays.stream(resolved.chain().plan().timesteps()).boxed().toList();
    this.dataShape = bundle.data().shape();
    this.codec = new TensorCodec(bundle.data());
    this.networkSha256 = model.networkSha256();
    this.samplerChoice = resolved.samplerChoice();
  }

  int samples() {
    return request.getNumSamples();
  }

  boolean isLossless() {
    return request.getFrames().getLossless();
  }

  /** The most that {@code accepted} takes for a request; its timesteps are as many as its steps. */
  static long acceptedBytes(SampleRequest.Builder resolved, String samplerChoice) {
    return (long) echoed(resolved.build()).getSerializedSize()
        + (long) Double.BYTES * resolved.getSteps()
        + samplerChoice.length()
        + AROUND_ACCEPTED;
  }

  private static SampleRequest echoed(SampleRequest request) {
    if (request.getInitialNoise().getFloat32().size() <= MAX_ECHOED_NOISE) {
      return request;
    }
    SampleRequest.Builder echoed = request.toBuilder();
    // The shape stays: sent again without the numbers, the request is refused, not misunderstood.
    echoed.getInitialNoiseBuilder().clearFloat32();
    return echoed.build();
  }

  SampleResponse accepted() {
    return SampleResponse.newBuilder()
        .setAccepted(
            Accepted.newBuilder()
                .setResolved(echoed(request))
                .addAllTimesteps(timesteps)
                .addAllDataShape(dataShape)
                .setNetworkSha256(networkSha256)
                .setSamplerChoice(samplerChoice))
        .build();
  }

  /** Progress of a request that has not begun. */
  Progress waiting(Standing standing) {
    Progress.Builder progress =
        Progress.newBuilder()
            .setStepsTotal((long) request.getNumSamples() * timesteps.size())
            .setQueueRowsAhead(standing.rowsAhead());
    Duration untilBegin = standing.untilBegin();
    if (untilBegin != null) {
      progress.setEstimatedWaitMs(untilBegin.toNanos() / 1e6);
    }
    Duration untilDone = standing.untilDone();
    if (untilDone != null) {
      progress.setEstimatedMsLeft(untilDone.toNanos() / 1e6);
    }
    return progress.build();
  }

  /** The message; the slow part of sending. */
  SampleResponse encode(Outbox.Item item) {
    if (item instanceof Outbox.FrameItem frame) {
      return SampleResponse.newBuilder().setFrame(frame(frame)).build();
    }
    if (item instanceof Outbox.SampleItem sample) {
      return SampleResponse.newBuilder().setSample(sample(sample)).build();
    }
    return ((Outbox.Message) item).response();
  }

  private Frame frame(Outbox.FrameItem item) {
    Encoding encoding = request.getFrames().getEncoding();
    Frame.Builder frame =
        Frame.newBuilder()
            .setSampleIndex(item.sample())
            .setStep(item.step())
            .setTimestep(item.timestep());
    float[] state = item.state();
    if (state != null) {
      frame.setXt(codec.encode(state, encoding, () -> recipe(item, "xt")));
    }
    float[] estimate = item.estimate();
    if (estimate != null) {
      frame.setX0(codec.encode(estimate, encoding, () -> recipe(item, "x0")));
    }
    return frame.build();
  }

  private Sample sample(Outbox.SampleItem item) {
    Sample.Builder sample =
        Sample.newBuilder()
            .setSampleIndex(item.sample())
            .setData(codec.encode(item.data(), request.getEncoding(), () -> recipe(item.sample())));
    if (request.getLabelsCount() > 0) {
      sample.setLabel(request.getLabels(item.sample() % request.getLabelsCount()));
    }
    return sample.build();
  }

  private Recipe recipe(int sample) {
    return Recipe.ofSample(request, networkSha256, sample);
  }

  private Recipe recipe(Outbox.FrameItem item, String content) {
    return recipe(item.sample()).at(new Recipe.State(item.step(), content));
  }
}
