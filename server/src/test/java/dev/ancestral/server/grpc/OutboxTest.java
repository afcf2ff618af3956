package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.v1.Accepted;
import dev.ancestral.v1.Progress;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.Summary;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class OutboxTest {
  private static final SampleResponse FIRST =
      SampleResponse.newBuilder().setAccepted(Accepted.getDefaultInstance()).build();
  private static final SampleResponse LAST =
      SampleResponse.newBuilder().setSummary(Summary.getDefaultInstance()).build();

  private static Outbox.FrameItem frame(int sample, int step, int numbers) {
    return new Outbox.FrameItem(sample, step, 0, new float[numbers], null);
  }

  private static SampleResponse progress(long done) {
    return SampleResponse.newBuilder()
        .setProgress(Progress.newBuilder().setStepsDone(done))
        .build();
  }

  @Test
  void whereARequestWaitedIsNoNewsOnceItRuns() {
    Outbox outbox = new Outbox(FIRST, false);
    outbox.putWaiting(progress(0));
    outbox.putWaiting(progress(1));
    assertEquals(new Outbox.Message(FIRST), outbox.take());
    assertEquals(new Outbox.Message(progress(1)), outbox.take());
    outbox.putProgress(progress(2));
    outbox.putWaiting(progress(0));
    assertEquals(new Outbox.Message(progress(2)), outbox.take());
    outbox.putWaiting(progress(0));
    assertNull(outbox.take());
  }

  /** What comes out, in words. */
  private static List<String> takeAll(Outbox outbox) {
    List<String> out = new ArrayList<>();
    for (Outbox.Item item = outbox.take(); item != null; item = outbox.take()) {
      if (item instanceof Outbox.FrameItem frame) {
        out.add("frame %d.%d".formatted(frame.sample(), frame.step()));
      } else if (item instanceof Outbox.SampleItem sample) {
        out.add("sample " + sample.sample());
      } else {
        out.add(((Outbox.Message) item).response().getEventCase().name());
      }
    }
    return out;
  }

  @Test
  void thingsLeaveInOrder_andTheLatestFrameTakesThePlaceOfTheOneBefore() {
    Outbox outbox = new Outbox(FIRST, false);
    outbox.putFrame(frame(0, 1, 4));
    outbox.putFrame(frame(1, 1, 4));
    outbox.putFrame(frame(0, 2, 4));
    outbox.putSample(new Outbox.SampleItem(0, new float[4]));
    outbox.putProgress(progress(1));
    outbox.putProgress(progress(2));
    outbox.finish(LAST);
    assertEquals(
        List.of("ACCEPTED", "PROGRESS", "frame 0.2", "frame 1.1", "sample 0", "SUMMARY"),
        takeAll(outbox));
    assertEquals(1, outbox.dropped());
  }

  @Test
  void aFrameThatWasTakenIsNotReplaced() {
    Outbox outbox = new Outbox(FIRST, false);
    outbox.putFrame(frame(0, 1, 4));
    assertEquals(List.of("ACCEPTED", "frame 0.1"), takeAll(outbox));
    outbox.putFrame(frame(0, 2, 4));
    assertEquals(List.of("frame 0.2"), takeAll(outbox));
    assertEquals(0, outbox.dropped());
  }

  @Test
  void losslessFramesHaveRoomByNumberAndByBytes() {
    Outbox many = new Outbox(FIRST, true);
    for (int i = 0; i < Outbox.LOSSLESS_FRAMES; i++) {
      assertTrue(many.hasRoom());
      many.putFrame(frame(0, i, 1));
    }
    assertFalse(many.hasRoom());
    many.take();
    many.take();
    assertTrue(many.hasRoom());
    Outbox large = new Outbox(FIRST, true);
    large.putFrame(frame(0, 0, (int) (Outbox.LOSSLESS_BYTES / Float.BYTES)));
    assertFalse(large.hasRoom());
    takeAll(large);
    assertTrue(large.hasRoom());
  }

  @Test
  void samplesAreCountedUntilTheyAreTaken() {
    Outbox outbox = new Outbox(FIRST, false);
    outbox.putSample(new Outbox.SampleItem(0, new float[4]));
    outbox.putSample(new Outbox.SampleItem(1, new float[4]));
    assertEquals(2, outbox.samples());
    takeAll(outbox);
    assertEquals(0, outbox.samples());
  }

  @Test
  void afterAFailureNothingElseIsWorthSending() {
    Outbox outbox = new Outbox(FIRST, true);
    outbox.putFrame(frame(0, 1, 4));
    outbox.fail(Status.INTERNAL.asRuntimeException());
    assertNull(outbox.take());
    assertEquals(
        Status.Code.INTERNAL, Objects.requireNonNull(outbox.failure()).getStatus().getCode());
  }
}
