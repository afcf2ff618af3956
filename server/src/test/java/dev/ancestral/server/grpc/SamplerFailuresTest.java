package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.FakeDenoiser;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Samplings that end otherwise than with a summary. */
@Timeout(60)
final class SamplerFailuresTest {
  private final FakeDenoiser denoiser = new FakeDenoiser(List.of(1L, 8L, 8L), true, 4);
  private final TestServer server = TestServer.of(Bundles.DIGITS, denoiser);
  private final Semaphore permits = new Semaphore(0);

  @AfterEach
  void close() {
    permits.release(1 << 20);
    server.close();
  }

  private void stepByStep() {
    denoiser.before(rows -> permits.acquireUninterruptibly());
  }

  private static SampleRequest.Builder request() {
    return SampleRequest.newBuilder().setModel("digits").setSeed(1).setSteps(5);
  }

  private static List<Sample> samples(List<SampleResponse> responses) {
    return responses.stream()
        .filter(SampleResponse::hasSample)
        .map(SampleResponse::getSample)
        .toList();
  }

  private StatusRuntimeException refusal(SampleRequest request) {
    return assertThrows(StatusRuntimeException.class, () -> server.sample(request));
  }

  private static List<Any> details(StatusRuntimeException e) {
    return Objects.requireNonNull(StatusProto.fromThrowable(e)).getDetailsList();
  }

  /** The server hears of it a moment after the client, so the chain is let go step by step. */
  private void assertRowsLeaveBeforeTheChainEnds() throws InterruptedException {
    while (!server.engine().awaitDrained(Duration.ofMillis(20))) {
      permits.release();
    }
    assertTrue(denoiser.calls().size() < 1000, denoiser.calls().size() + " calls");
  }

  @Test
  void aFieldOutOfItsBoundsIsInvalidArgument_withItsPath() throws Exception {
    StatusRuntimeException e =
        refusal(request().setEta(2).setFrames(Frames.newBuilder().setEvery(-1)).build());
    assertEquals(Status.Code.INVALID_ARGUMENT, e.getStatus().getCode());
    BadRequest details = details(e).get(0).unpack(BadRequest.class);
    assertEquals("eta", details.getFieldViolations(0).getField());
    assertEquals("frames.every", details.getFieldViolations(1).getField());
    assertEquals(0, server.engine().rows());
  }

  @Test
  void anUnknownModelIsNotFound_withTheKnownOnes() throws Exception {
    StatusRuntimeException e = refusal(request().setModel("digit").build());
    assertEquals(Status.Code.NOT_FOUND, e.getStatus().getCode());
    assertEquals(
        "model: unknown name 'digit' (expected one of: digits; did you mean digits?)",
        e.getStatus().getDescription());
    ResourceInfo info = details(e).get(0).unpack(ResourceInfo.class);
    assertEquals("digit", info.getResourceName());
    assertEquals("ancestral.v1.Model", info.getResourceType());
  }

  @Test
  void aFullQueueIsResourceExhausted_withATimeToTryAgain() throws Exception {
    stepByStep();
    Iterator<SampleResponse> running = server.sampler().sample(request().setNumSamples(32).build());
    running.next();
    StatusRuntimeException e = refusal(request().build());
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.getStatus().getCode());
    assertTrue(details(e).get(0).unpack(RetryInfo.class).hasRetryDelay());
    permits.release(1000);
    running.forEachRemaining(response -> {});
    server.sample(request().build());
  }

  @Test
  void aPredictionThatIsNotFiniteIsInternal_forItsRequestAlone() throws Exception {
    stepByStep();
    denoiser.poison(row -> row.label() == 1);
    SlowReader good = new SlowReader();
    server.asyncSampler().sample(request().setNumSamples(2).addLabels(0).build(), good);
    SlowReader bad = new SlowReader();
    server.asyncSampler().sample(request().setNumSamples(2).addLabels(1).build(), bad);
    bad.take(100);
    permits.release(1000);
    Status status = Status.fromThrowable(bad.awaitFailure());
    assertEquals(Status.Code.INTERNAL, status.getCode());
    assertTrue(
        String.valueOf(status.getDescription()).startsWith("prediction: not finite for sample "));
    assertEquals(2, samples(good.takeAll()).size());
  }

  @Test
  void cancellingFreesTheRowsAtTheEndOfTheStep() throws Exception {
    stepByStep();
    SlowReader reader = new SlowReader();
    server.asyncSampler().sample(request().setSteps(1000).setNumSamples(9).build(), reader);
    reader.awaitAccepted();
    assertEquals(9, server.engine().rows());
    reader.cancel();
    assertEquals(Status.Code.CANCELLED, Status.fromThrowable(reader.awaitFailure()).getCode());
    assertRowsLeaveBeforeTheChainEnds();
  }

  @Test
  void aDeadlineFreesTheRowsAtTheEndOfTheStep() throws Exception {
    stepByStep();
    Iterator<SampleResponse> responses =
        server
            .sampler()
            .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
            .sample(request().setSteps(1000).build());
    StatusRuntimeException e =
        assertThrows(
            StatusRuntimeException.class, () -> responses.forEachRemaining(response -> {}));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, e.getStatus().getCode());
    assertRowsLeaveBeforeTheChainEnds();
  }

  @Test
  void aDrainingServerIsUnavailable() {
    server.repository().drain();
    StatusRuntimeException e = refusal(request().build());
    assertEquals(Status.Code.UNAVAILABLE, e.getStatus().getCode());
    assertEquals("server: draining, takes no new requests", e.getStatus().getDescription());
  }
}
