package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.FakeDenoiser;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class BackPressureTest {
  private static final int MAX_ROWS = TestServer.LIMITS.maxRows();
  private static final int WINDOW = 2 * MAX_ROWS;

  private final FakeDenoiser denoiser = new FakeDenoiser(List.of(1L, 8L, 8L), true, MAX_ROWS);
  private final TestServer server = TestServer.of(Bundles.DIGITS, denoiser);

  @AfterEach
  void close() {
    server.close();
  }

  private static SampleRequest request(int samples, int steps, boolean lossless) {
    return SampleRequest.newBuilder()
        .setNumSamples(samples)
        .setSteps(steps)
        .addLabels(0)
        .setFrames(Frames.newBuilder().setEvery(1).setLossless(lossless))
        .build();
  }

  /** A reader that took {@code accepted} and then stopped, while another request ran to its end. */
  private SlowReader stopped(SampleRequest request) throws Exception {
    SlowReader reader = new SlowReader();
    server.asyncSampler().sample(request, reader);
    reader.awaitAccepted();
    server.sample(SampleRequest.newBuilder().setSteps(500).addLabels(1).build());
    return reader;
  }

  private long rowsOfTheStoppedReader() {
    return denoiser.calls().stream().flatMap(List::stream).filter(row -> row.label() == 0).count();
  }

  private static List<Frame> frames(List<SampleResponse> responses) {
    return responses.stream()
        .filter(SampleResponse::hasFrame)
        .map(SampleResponse::getFrame)
        .toList();
  }

  private static long dropped(List<SampleResponse> responses) {
    return responses.get(responses.size() - 1).getSummary().getFramesDropped();
  }

  @Test
  void withLosslessFramesAStoppedReaderPausesItsOwnChains_andGetsEveryFrame() throws Exception {
    SlowReader reader = stopped(request(3, 300, true));
    long rows = rowsOfTheStoppedReader();
    assertTrue(rows <= Outbox.LOSSLESS_FRAMES + MAX_ROWS, rows + " rows ran for nobody");
    List<SampleResponse> responses = reader.takeAll();
    assertEquals(3 * 301, frames(responses).size());
    assertEquals(0, dropped(responses));
    for (int sample = 0; sample < 3; sample++) {
      int index = sample;
      List<Integer> steps =
          frames(responses).stream()
              .filter(frame -> frame.getSampleIndex() == index)
              .map(Frame::getStep)
              .toList();
      assertEquals(IntStream.rangeClosed(0, 300).boxed().toList(), steps);
    }
  }

  @Test
  void aReaderThatNeverComesBackIsCutOff_andItsRowsAreFree() throws Exception {
    SlowReader reader = stopped(request(3, 300, true));
    // The stream notices the stop a moment after the reader's last message.
    while (server.streams() > 0) {
      server.ticker.advance(TestServer.READER_TIMEOUT);
      server.cutOffStoppedReaders();
    }
    assertTrue(server.engine().awaitDrained(Duration.ofSeconds(10)));
    Status status = Status.fromThrowable(reader.awaitFailure());
    assertEquals(Status.Code.ABORTED, status.getCode());
    assertEquals(
        "stream: its reader took nothing for 300 s (expected: a message at least every 300 s)",
        status.getDescription());
  }

  @Test
  void aReaderThatTakesAMessageNowAndThenIsNotCutOff() throws Exception {
    SlowReader reader = stopped(request(1, 300, true));
    for (int i = 0; i < 20; i++) {
      server.ticker.advance(TestServer.READER_TIMEOUT.minusNanos(1));
      server.cutOffStoppedReaders();
      reader.take(1);
      reader.awaitMessages(2 + i);
    }
    assertEquals(301, frames(reader.takeAll()).size());
    assertEquals(0, server.streams());
  }

  @Test
  void aReaderWithNothingToTakeIsNotCutOff() throws Exception {
    Semaphore gate = new Semaphore(0);
    SlowReader reader = new SlowReader();
    denoiser.before(rows -> gate.acquireUninterruptibly());
    server.asyncSampler().sample(request(1, 5, true), reader);
    reader.take(SlowReader.PLENTY);
    reader.awaitMessages(2);
    server.ticker.advance(TestServer.READER_TIMEOUT.multipliedBy(9));
    server.cutOffStoppedReaders();
    gate.release(5);
    assertEquals(6, frames(reader.takeAll()).size());
  }

  @Test
  void droppableFramesAreReplacedByLaterOnes_andCounted() throws Exception {
    SlowReader reader = stopped(request(3, 300, false));
    List<SampleResponse> responses = reader.takeAll();
    List<Frame> frames = frames(responses);
    assertEquals(3 * 301, frames.size() + dropped(responses));
    assertTrue(dropped(responses) > 0);
    // The last frame of a sample is never replaced: nothing comes after it.
    assertEquals(3, frames.stream().filter(frame -> frame.getStep() == 300).count());
  }

  @Test
  void aStoppedReadersSamplesAreBoundedByNotStartingMore_andNoneIsLost() throws Exception {
    SlowReader reader = stopped(request(30, 2, false));
    long rows = rowsOfTheStoppedReader();
    assertTrue(rows <= 2L * (WINDOW + 1), rows + " rows ran for nobody");
    List<SampleResponse> responses = reader.takeAll();
    assertEquals(
        30,
        responses.stream()
            .filter(SampleResponse::hasSample)
            .map(response -> response.getSample().getSampleIndex())
            .distinct()
            .count());
  }
}
