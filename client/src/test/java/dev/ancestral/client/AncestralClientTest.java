package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.Tensor;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AncestralClientTest {
  private static final Model TOY = Scripts.model(1L, 2L, 3L);
  private static final SampleRequest FOUR =
      SampleRequest.newBuilder().setModel("toy").setNumSamples(4).build();

  @Test
  void modelsAreListedAndFoundByName() {
    try (FakeServer server = FakeServer.start(TOY, Scripts.sampling(TOY));
        AncestralClient client = AncestralClient.connect(server.target())) {
      assertEquals(List.of(TOY), client.models());
      assertEquals(TOY, client.model("toy"));
      ClientException e = assertThrows(ClientException.class, () -> client.model("other"));
      assertEquals(Status.Code.NOT_FOUND, e.code());
    }
  }

  @Test
  void anObserverSeesEverySampleAndTheSummaryComesBack() {
    List<Integer> seen = new ArrayList<>();
    SampleObserver observer =
        new SampleObserver() {
          @Override
          public void sample(Sample sample) {
            seen.add(sample.getSampleIndex());
          }
        };
    try (FakeServer server = FakeServer.start(TOY, Scripts.sampling(TOY));
        AncestralClient client = AncestralClient.connect(server.target())) {
      assertEquals(4, client.sample(FOUR, observer).getNumSamples());
    }
    assertEquals(List.of(3, 2, 1, 0), seen);
  }

  @Test
  void aChannelOfTheCallersOwnStaysOpen() {
    try (FakeServer server = FakeServer.start(TOY, Scripts.sampling(TOY))) {
      ManagedChannel channel =
          ManagedChannelBuilder.forTarget(server.target()).usePlaintext().build();
      try {
        try (AncestralClient client = AncestralClient.over(channel)) {
          assertEquals(TOY, client.model(""));
        }
        assertTrue(!channel.isShutdown());
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void aDeadlineEndsTheCall() {
    try (FakeServer server = FakeServer.start(TOY, (request, out) -> {});
        AncestralClient client =
            AncestralClient.connect(server.target()).withDeadline(Duration.ofMillis(200))) {
      ClientException e =
          assertThrows(ClientException.class, () -> client.sample(FOUR, new SampleObserver() {}));
      assertEquals(Status.Code.DEADLINE_EXCEEDED, e.code());
    }
  }

  @Test
  void aSlowConsumerDoesNotPileUpMessages_andClosingCancels() throws InterruptedException {
    FloodingServer flood = new FloodingServer();
    try (FakeServer server = FakeServer.start(TOY, flood);
        AncestralClient client = AncestralClient.connect(server.target())) {
      try (SampleStream stream = client.sample(FOUR)) {
        assertTrue(stream.next().hasFrame());
        // The server has no more room although this side has taken one message of many.
        flood.stalled.await();
        assertTrue(
            flood.sentBytes() < FloodingServer.BOUND, "bytes on the way: " + flood.sentBytes());
        int before = flood.sent.get();
        for (int i = 0; i < 2 * before; i++) {
          stream.next();
        }
        assertTrue(flood.sent.get() > before, "taking messages lets the server go on");
        assertTrue(!flood.cancelled.await(0, TimeUnit.SECONDS));
      }
      flood.cancelled.await();
    }
  }

  @Test
  void anObserverThatThrowsCancelsTheSampling() throws InterruptedException {
    FloodingServer flood = new FloodingServer();
    SampleObserver observer =
        new SampleObserver() {
          @Override
          public void frame(Frame frame) {
            throw new IllegalStateException("disk full");
          }
        };
    try (FakeServer server = FakeServer.start(TOY, flood);
        AncestralClient client = AncestralClient.connect(server.target())) {
      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> client.sample(FOUR, observer));
      assertEquals("disk full", e.getMessage());
      flood.cancelled.await();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "localhost:",
        "http://localhost:1",
        "a b:1",
        ":1",
        "localhost:0",
        "localhost:65536"
      })
  void aTargetThatIsNoHostAndPortIsRefused(String target) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> AncestralClient.connect(target));
    assertEquals(
        "target: %s (expected: HOST:PORT, with a port of 1..65535, or unix:PATH)".formatted(target),
        e.getMessage());
  }

  /** Sends frames without end, as fast as the connection takes them. */
  private static final class FloodingServer implements FakeServer.Script {
    static final int FRAME_BYTES = 1 << 16;
    static final long BOUND = 8L << 20;

    final AtomicInteger sent = new AtomicInteger();
    final CountDownLatch stalled = new CountDownLatch(1);
    final CountDownLatch cancelled = new CountDownLatch(1);

    private final SampleResponse message =
        SampleResponse.newBuilder()
            .setFrame(
                Frame.newBuilder()
                    .setXt(
                        Tensor.newBuilder().setUint8(ByteString.copyFrom(new byte[FRAME_BYTES]))))
            .build();

    @Override
    public void play(SampleRequest request, ServerCallStreamObserver<SampleResponse> out) {
      out.setOnCancelHandler(cancelled::countDown);
      out.setOnReadyHandler(() -> fill(out));
      fill(out);
    }

    long sentBytes() {
      return (long) sent.get() * FRAME_BYTES;
    }

    private void fill(ServerCallStreamObserver<SampleResponse> out) {
      while (out.isReady() && !out.isCancelled()) {
        out.onNext(message);
        sent.incrementAndGet();
      }
      stalled.countDown();
    }
  }
}
