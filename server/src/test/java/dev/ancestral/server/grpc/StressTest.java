package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.FakeDenoiser;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over Netty on loopback: what an in-process transport would be too kind for. */
@Timeout(120)
final class StressTest {
  private static final int ROWS = TestServer.LIMITS.maxRows();
  private static final List<Long> SHAPE = List.of(1L, 64L, 64L);

  /** A frame of x_t and x_0. */
  private static final int FRAME_BYTES = 2 * 64 * 64 * Float.BYTES;

  /** What HTTP/2 lets a server send to a client that reads nothing, and gRPC's own buffer. */
  private static final int TRANSPORT_BYTES = (1 << 20) + (1 << 16);

  private final FakeDenoiser denoiser = new FakeDenoiser(SHAPE, false, ROWS);
  private final TestServer server =
      TestServer.overNetty(
          Bundles.bundle(new DataSpec(SHAPE, -1, 1, 256), null, Recommended.NONE), denoiser);

  @AfterEach
  void close() {
    server.close();
  }

  private static SampleRequest request(int samples, int steps, boolean lossless) {
    return SampleRequest.newBuilder()
        .setNumSamples(samples)
        .setSteps(steps)
        .setFrames(
            Frames.newBuilder()
                .setEvery(1)
                .setContent(Frames.Content.CONTENT_BOTH)
                .setLossless(lossless))
        .build();
  }

  private long rows() {
    return denoiser.calls().stream().mapToLong(List::size).sum();
  }

  @Test
  void aReaderThatStopsHoldsABoundedNumberOfFrames_andSlowsNobody() throws Exception {
    SlowReader stopped = new SlowReader();
    server.asyncSampler().sample(request(8, 300, true), stopped);
    stopped.awaitAccepted();
    int others = 0;
    for (int i = 0; i < 20; i++) {
      server.sample(SampleRequest.newBuilder().setSteps(100).build());
      others += 100;
    }
    long forNobody = rows() - others;
    long bound = Outbox.LOSSLESS_FRAMES + 2L * ROWS + TRANSPORT_BYTES / FRAME_BYTES;
    assertTrue(forNobody <= bound, "%d rows ran (bound: %d)".formatted(forNobody, bound));
    List<SampleResponse> responses = stopped.takeAll();
    assertEquals(8 * 301, responses.stream().filter(SampleResponse::hasFrame).count());
  }

  @Test
  void aRefusalReachesItsReader_howeverMuchIsWrong() {
    StatusRuntimeException labels =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                server.sample(
                    SampleRequest.newBuilder()
                        .setSampler("d".repeat(1 << 20))
                        .setRespacing("1,".repeat(499) + "1")
                        .setEta(7)
                        .setFrames(
                            Frames.newBuilder().addAllSteps(Collections.nCopies(1 << 20, -1)))
                        .build()));
    assertEquals(Status.Code.INVALID_ARGUMENT, labels.getStatus().getCode());
    StatusRuntimeException model =
        assertThrows(
            StatusRuntimeException.class,
            () -> server.sample(SampleRequest.newBuilder().setModel("m".repeat(1 << 20)).build()));
    assertEquals(Status.Code.NOT_FOUND, model.getStatus().getCode());
  }

  @Test
  void disconnectsAtRandomMomentsLeaveNoRowAndNoThreadBehind() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    server.sample(request(1, 1, false));
    for (int round = 0; round < 40; round++) {
      List<ManagedChannel> channels = new ArrayList<>();
      List<SlowReader> readers = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        ManagedChannel channel = server.newChannel();
        SlowReader reader = new SlowReader();
        SamplerGrpc.newStub(channel)
            .sample(
                request(1 + random.nextInt(6), 1 + random.nextInt(1000), random.nextBoolean()),
                reader);
        channels.add(channel);
        readers.add(reader);
        reader.take(1 + random.nextInt(60));
      }
      if (random.nextBoolean()) {
        readers.get(random.nextInt(5)).awaitAccepted();
      }
      for (int i = 0; i < 5; i++) {
        if (random.nextBoolean()) {
          readers.get(i).cancel();
        }
        channels.get(i).shutdownNow();
      }
      for (ManagedChannel channel : channels) {
        assertTrue(channel.awaitTermination(10, TimeUnit.SECONDS), "seed " + seed);
      }
    }
    assertTrue(server.engine().awaitDrained(Duration.ofSeconds(10)), "seed " + seed);
    server.sample(request(1, 1, false));
    assertEquals(
        1,
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("engine-"))
            .count());
  }
}
