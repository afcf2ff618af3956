package dev.ancestral.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenLoopTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration GAP = Duration.ofMillis(20);

  private static List<Arrival> everyGap(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Arrival(GAP.multipliedBy(i), Requests.ofSteps(10, i)))
        .toList();
  }

  /** Plays the server: what to do with each sampling as it comes. */
  private static Thread play(GatedServer server, int count, Script script) {
    Thread thread =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < count; i++) {
                  script.play(i, server.held.take());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.start();
    return thread;
  }

  private interface Script {
    void play(int index, GatedServer.Held held);
  }

  @Test
  void aServerThatStopsMakesAllThatArriveMeanwhileLate() throws Exception {
    int count = 6;
    GatedServer.Held[] waiting = new GatedServer.Held[count];
    try (GatedServer server = new GatedServer();
        LoadClient client = LoadClient.connect(server.target())) {
      // Nothing is answered before the last has arrived.
      Thread script =
          play(
              server,
              count,
              (i, held) -> {
                waiting[i] = held;
                if (i == count - 1) {
                  List.of(waiting).forEach(GatedServer.Held::finish);
                }
              });
      OpenLoop.Result result = OpenLoop.run(client, everyGap(count), Duration.ZERO, PATIENCE);
      script.join();
      assertEquals(count, result.latencies().count());
      assertEquals(0, result.unfinished());
      double longest = GAP.toMillis() * (count - 1);
      assertTrue(result.latencies().milliseconds(100) >= longest * 0.999);
      // Had a request waited for the one before it, each would look as fast as the last.
      assertTrue(result.latencies().milliseconds(50) >= GAP.toMillis() * 2);
    }
  }

  @Test
  void whatIsNotDoneIsCutOffAndCounted() throws Exception {
    try (GatedServer server = new GatedServer();
        LoadClient client = LoadClient.connect(server.target())) {
      Thread script =
          play(
              server,
              3,
              (i, held) -> {
                if (i == 0) {
                  held.finish();
                }
              });
      OpenLoop.Result result =
          OpenLoop.run(client, everyGap(3), Duration.ZERO, Duration.ofMillis(500));
      script.join();
      assertEquals(2, result.unfinished());
      assertEquals(3, result.latencies().count());
      assertTrue(result.latencies().milliseconds(100) >= 500);
    }
  }

  @Test
  void refusalsAreCountedByTheirStatus_andHaveNoLatency() throws Exception {
    try (GatedServer server = new GatedServer();
        LoadClient client = LoadClient.connect(server.target())) {
      Thread script =
          play(
              server,
              3,
              (i, held) -> {
                if (i == 1) {
                  held.refuse(Status.RESOURCE_EXHAUSTED);
                } else {
                  held.finish();
                }
              });
      OpenLoop.Result result = OpenLoop.run(client, everyGap(3), Duration.ZERO, PATIENCE);
      script.join();
      assertEquals(Map.of(Status.Code.RESOURCE_EXHAUSTED, 1), result.failures());
      assertEquals(2, result.latencies().count());
      assertEquals(20, result.stepsPerSecond() * result.seconds(), 1e-6);
    }
  }

  @Test
  void whatArrivesInTheWarmUpIsServed_andItsLatencyIsLeftOut() throws Exception {
    try (GatedServer server = new GatedServer();
        LoadClient client = LoadClient.connect(server.target())) {
      Thread script = play(server, 5, (i, held) -> held.finish());
      OpenLoop.Result result = OpenLoop.run(client, everyGap(5), GAP.multipliedBy(2), PATIENCE);
      script.join();
      assertEquals(3, result.latencies().count());
      assertEquals(50, result.stepsPerSecond() * result.seconds(), 1e-6);
    }
  }

  @Test
  void nothingThatArrivesIsRefused() {
    try (LoadClient client = LoadClient.connect("127.0.0.1:1")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> OpenLoop.run(client, List.of(), Duration.ZERO, PATIENCE));
    }
  }
}
