package dev.ancestral.server.grpc;

import dev.ancestral.server.engine.FramePlan;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.Frames.Content;
import dev.ancestral.v1.SampleRequest;

/** The part of the door that looks at {@code frames}. */
final class FramesResolver {
  private FramesResolver() {}

  /** Which states to send; none if there is no {@code frames}, or if it was rejected. */
  static FramePlan resolve(
      SampleRequest request,
      SampleRequest.Builder resolved,
      int steps,
      TensorCodec codec,
      FieldChecks checks) {
    if (!request.hasFrames()) {
      return FramePlan.NONE;
    }
    Frames asked = request.getFrames();
    Frames.Builder frames = resolved.getFramesBuilder();
    frames.setEncoding(
        RequestResolver.encoding(
            "frames.encoding", asked.getEncoding(), asked.getEncodingValue(), codec, checks));
    Content content =
        asked.getContent() == Content.CONTENT_UNSPECIFIED ? Content.CONTENT_XT : asked.getContent();
    checks.require(
        content != Content.UNRECOGNIZED,
        "frames.content",
        "%d (expected: a known value)".formatted(asked.getContentValue()));
    if (asked.hasEvery() && asked.hasCount()) {
      checks.reject("frames.count", "given beside every (expected: one of the two)");
    } else if (asked.hasCount()) {
      checks.range("frames.count", asked.getCount(), 2, steps + 1L, "x_T and one after each step");
    } else {
      frames.setEvery(asked.hasEvery() ? asked.getEvery() : 1);
      checks.range("frames.every", frames.getEvery(), 1, steps, "the steps of the chain");
    }
    if (!checks.passed()) {
      return FramePlan.NONE;
    }
    frames.setContent(content);
    boolean state = content == Content.CONTENT_XT || content == Content.CONTENT_BOTH;
    boolean estimate = content == Content.CONTENT_X0 || content == Content.CONTENT_BOTH;
    return frames.hasCount()
        ? FramePlan.count(frames.getCount(), steps, state, estimate)
        : FramePlan.every(frames.getEvery(), steps, state, estimate);
  }
}
