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
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over Netty on loopback: what an in-process transport would be too kind for. */
@Timeout(120)
final class StressTest {
  private static final int ROWS = TestServer.LIMITS.maxRows();

  /** What HTTP/2 lets a server send to a client that reads nothing, and gRPC's own buffer. */
  private static final int TRANSPORT_BYTES = TestServer.WINDOW_BYTES + (1 << 16);

  private FakeDenoiser denoiser = new FakeDenoiser(List.of(2L), false, ROWS);
  private TestServer server = TestServer.overNetty(Bundles.POINTS, denoiser);

  @AfterEach
  void close() {
    server.close();
  }

  /** In place of the server of points, one of gray pictures with sides of so many pixels. */
  private void serve(long side) {
    server.close();
    List<Long> shape = List.of(1L, side, side);
    denoiser = new FakeDenoiser(shape, false, ROWS);
    server =
        TestServer.overNetty(
            Bundles.bundle(new DataSpec(shape, -1, 1, 256), null, Recommended.NONE), denoiser);
  }

  private static SampleRequest request(int samples, int steps, boolean lossless) {
    return SampleRequest.newBuilder()
        .setNumSamples(samples)
        .setSampler("ddim")
        .setSteps(steps)
        .setFrames(
            Frames.newBuilder()
                .setEvery(1)
                .setContent(Frames.Content.CONTENT_BOTH)
                .setLossless(lossless))
        .build();
  }

  private static SampleRequest quick(int steps) {
    return SampleRequest.newBuilder().setSampler("ddim").setSteps(steps).build();
  }

  private long rows() {
    return denoiser.calls().stream().mapToLong(List::size).sum();
  }

  private static long samples(List<SampleResponse> responses) {
    return responses.stream()
        .filter(SampleResponse::hasSample)
        .map(response -> response.getSample().getSampleIndex())
        .distinct()
        .count();
  }

  private boolean hasTheNetworkToItself(SampleRequest request) {
    int before = denoiser.calls().size();
    server.sample(request);
    List<List<FakeDenoiser.Seen>> calls = denoiser.calls();
    return calls.subList(before, calls.size()).stream().allMatch(call -> call.size() == 1)
        && calls.size() - before == request.getSteps();
  }

  /** Small frames are bounded by their number, large ones by their bytes. */
  @ParameterizedTest
  @ValueSource(longs = {64, 256})
  void aReaderThatStopsHoldsABoundedNumberOfFramesAndBytes_andSlowsNobody(long side)
      throws Exception {
    serve(side);
    SlowReader stopped = new SlowReader();
    server.asyncSampler().sample(request(8, 300, true), stopped);
    stopped.awaitAccepted();
    int others = 0;
    for (int alone = 0; alone < 20; others++) {
      // Once the stopped reader's chains pause, the network is the others' alone.
      alone = hasTheNetworkToItself(quick(10)) ? alone + 1 : 0;
    }
    long forNobody = rows() - 10L * others;
    // A frame of x_t and x_0; what is full is noticed when a call's rows are in already.
    long bytes = 2 * side * side * Float.BYTES;
    long held = Math.min(Outbox.LOSSLESS_FRAMES, 1 + Outbox.LOSSLESS_BYTES / bytes) + 2L * ROWS;
    long bound = held + TRANSPORT_BYTES / bytes + 1;
    assertTrue(forNobody <= bound, "%d rows ran (bound: %d)".formatted(forNobody, bound));
    if (side == 64) {
      List<SampleResponse> responses = stopped.takeAll();
      assertEquals(8 * 301, responses.stream().filter(SampleResponse::hasFrame).count());
      assertEquals(8, samples(responses));
    }
  }

  @Test
  void aRefusalReachesItsReader_howeverMuchIsWrong() {
    serve(64);
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
                            Frames.newBuilder().addAllSteps(Collections.nCopies(1 << 17, -1)))
                        .build()));
    assertEquals(Status.Code.INVALID_ARGUMENT, labels.getStatus().getCode());
    StatusRuntimeException model =
        assertThrows(
            StatusRuntimeException.class,
            () -> server.sample(SampleRequest.newBuilder().setModel("m".repeat(1 << 20)).build()));
    assertEquals(Status.Code.NOT_FOUND, model.getStatus().getCode());
  }

  @Test
  void aStoppedReadersSamplesAreBoundedByNotStartingMore_andNoneIsLost() throws Exception {
    serve(64);
    SlowReader stopped = new SlowReader();
    server.asyncSampler().sample(request(400, 2, false), stopped);
    stopped.awaitAccepted();
    server.sample(quick(400));
    long forNobody = rows() - 400;
    long bytes = 64 * 64 * Float.BYTES;
    long bound = 2 * (2L * ROWS + ROWS + TRANSPORT_BYTES / bytes + 1);
    assertTrue(forNobody <= bound, "%d rows ran (bound: %d)".formatted(forNobody, bound));
    assertEquals(400, samples(stopped.takeAll()));
  }

  @Test
  void aReaderThatNeverComesBackIsCutOff_andLeavesNothingBehind() throws Exception {
    serve(64);
    SlowReader stopped = new SlowReader();
    server.asyncSampler().sample(request(8, 300, true), stopped);
    stopped.awaitAccepted();
    server.sample(quick(200));
    while (server.streams() > 0) {
      server.ticker.advance(TestServer.READER_TIMEOUT);
      server.cutOffStoppedReaders();
    }
    assertTrue(server.engine().awaitDrained(Duration.ofSeconds(10)));
    // What was on the wire comes first.
    stopped.take(SlowReader.PLENTY);
    assertEquals(Status.Code.ABORTED, Status.fromThrowable(stopped.awaitFailure()).getCode());
  }

  @Test
  void disconnectsAtRandomMomentsLeaveNoRowNoStreamAndNoThreadBehind() throws Exception {
    serve(64);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    server.sample(request(1, 5, true));
    disconnect(random, seed);
    Map<String, Long> before = threads();
    for (int round = 0; round < 40; round++) {
      disconnect(random, seed);
    }
    assertTrue(server.engine().awaitDrained(Duration.ofSeconds(10)), "seed " + seed);
    server.sample(quick(1));
    assertEquals(0, server.streams(), "seed " + seed);
    assertEquals(before, threads(), "seed " + seed);
  }

  /** Five clients that leave, each with its connection, some of them in the middle of a call. */
  private void disconnect(Random random, long seed) throws Exception {
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

  /** How many threads there are of each name but for its number; gRPC's pools are its own. */
  private static Map<String, Long> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(thread -> thread.getName().replaceAll("\\d+", "N"))
        .filter(name -> !name.startsWith("grpc-"))
        .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
  }
}
