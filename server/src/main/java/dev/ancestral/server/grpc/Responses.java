package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.v1.Accepted;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import java.util.Arrays;
import java.util.List;

/** Turns what a request made into messages. Thread-safe. */
final class Responses {
  /**
   * Given noise comes back with the resolved request up to this size, so that {@code accepted}
   * stays below the 4 MB a client takes by default.
   */
  static final int MAX_ECHOED_NOISE = 1 << 20;

  private final SampleRequest request;
  private final List<Double> timesteps;
  private final List<Long> dataShape;
  private final TensorCodec codec;

  Responses(ResolvedRequest resolved, Bundle bundle) {
    this.request = resolved.request();
    this.timesteps = Arrays.stream(resolved.chain().plan().timesteps()).boxed().toList();
    this.dataShape = bundle.data().shape();
    this.codec = new TensorCodec(bundle.data());
  }

  int samples() {
    return request.getNumSamples();
  }

  boolean isLossless() {
    return request.getFrames().getLossless();
  }

  SampleResponse accepted() {
    SampleRequest.Builder echoed = request.toBuilder();
    if (request.getInitialNoise().getFloat32().size() > MAX_ECHOED_NOISE) {
      // The shape stays: sent again without the numbers, the request is refused, not misunderstood.
      echoed.getInitialNoiseBuilder().clearFloat32();
    }
    return SampleResponse.newBuilder()
        .setAccepted(
            Accepted.newBuilder()
                .setResolved(echoed)
                .addAllTimesteps(timesteps)
                .addAllDataShape(dataShape))
        .build();
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
      frame.setXt(codec.encode(state, encoding));
    }
    float[] estimate = item.estimate();
    if (estimate != null) {
      frame.setX0(codec.encode(estimate, encoding));
    }
    return frame.build();
  }

  private Sample sample(Outbox.SampleItem item) {
    Sample.Builder sample =
        Sample.newBuilder()
            .setSampleIndex(item.sample())
            .setData(codec.encode(item.data(), request.getEncoding()));
    if (request.getLabelsCount() > 0) {
      sample.setLabel(request.getLabels(item.sample() % request.getLabelsCount()));
    }
    return sample.build();
  }
}
