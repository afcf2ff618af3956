package dev.ancestral.server.grpc;

import dev.ancestral.server.engine.FramePlan;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.Frames.Content;
import dev.ancestral.v1.SampleRequest;
import java.util.List;

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
    if (choices(asked) > 1) {
      checks.reject("frames", "more than one of every, count and steps (expected: one of them)");
    } else if (asked.hasCount()) {
      checks.range("frames.count", asked.getCount(), 2, steps + 1L, "x_T and one after each step");
    } else if (asked.getStepsCount() > 0) {
      checkSteps(asked.getStepsList(), steps, checks);
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
    if (frames.hasCount()) {
      return FramePlan.count(frames.getCount(), steps, state, estimate);
    }
    return frames.hasEvery()
        ? FramePlan.every(frames.getEvery(), steps, state, estimate)
        : FramePlan.at(frames.getStepsList(), state, estimate);
  }

  /** How many of the ways to choose frames were used. */
  private static int choices(Frames asked) {
    return (asked.hasEvery() ? 1 : 0)
        + (asked.hasCount() ? 1 : 0)
        + (asked.getStepsCount() > 0 ? 1 : 0);
  }

  /** The first that is wrong is enough: the others tend to be wrong for its reason. */
  private static void checkSteps(List<Integer> asked, int steps, FieldChecks checks) {
    int least = 0;
    for (int i = 0; i < asked.size(); i++) {
      int step = asked.get(i);
      if (step < least || step > steps) {
        checks.reject(
            "frames.steps[%d]".formatted(i), "%d (expected: 0..%d, rising)".formatted(step, steps));
        return;
      }
      least = step + 1;
    }
  }
}
