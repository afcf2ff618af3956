package dev.ancestral.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClosedLoopTest {
  private static GatedServer.Held next(GatedServer server) throws InterruptedException {
    GatedServer.Held held = server.held.poll(30, TimeUnit.SECONDS);
    assertTrue(held != null, "a sampling within 30 s");
    return held;
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void eachClientSendsItsNextWhenTheOneBeforeIsDone_andNotEarlier() throws Exception {
    try (GatedServer server = new GatedServer();
        LoadClient connection = LoadClient.connect(server.target());
        ClosedLoop loop = new ClosedLoop(connection, 3, i -> Requests.ofSteps(10 + i, i))) {
      GatedServer.Held first = next(server);
      next(server);
      next(server);
      assertTrue(server.held.isEmpty());
      first.finish();
      assertEquals(13, next(server).request().getSteps());
      assertTrue(server.held.isEmpty());
      await(() -> loop.latencies().count() == 1);
      assertEquals(1, loop.frames());
    }
  }

  @Test
  void stepsAreCountedAsTheServerSaysThem() throws Exception {
    try (GatedServer server = new GatedServer();
        LoadClient connection = LoadClient.connect(server.target());
        ClosedLoop loop = new ClosedLoop(connection, 1, i -> Requests.ofSteps(10, i))) {
      GatedServer.Held held = next(server);
      held.progress(4);
      await(() -> connection.steps() == 4);
      held.progress(7);
      await(() -> connection.steps() == 7);
      held.finish();
      await(() -> connection.steps() == 10);
      assertEquals(Map.of(), loop.failures());
    }
  }

  @Test
  void aClientThatIsRefusedStops() throws Exception {
    try (GatedServer server = new GatedServer();
        LoadClient connection = LoadClient.connect(server.target());
        ClosedLoop loop = new ClosedLoop(connection, 1, i -> Requests.ofSteps(10, i))) {
      next(server).refuse(Status.RESOURCE_EXHAUSTED);
      await(() -> !loop.failures().isEmpty());
      assertEquals(Map.of(Status.Code.RESOURCE_EXHAUSTED, 1), loop.failures());
      assertTrue(server.held.isEmpty());
    }
  }

  @Test
  void closingGivesUpWhatRuns_andThatIsNoFailure() throws Exception {
    try (GatedServer server = new GatedServer();
        LoadClient connection = LoadClient.connect(server.target())) {
      ClosedLoop loop = new ClosedLoop(connection, 2, i -> Requests.ofSteps(10, i));
      next(server);
      next(server);
      loop.close();
      await(() -> server.cancelled.get() == 2);
      assertEquals(Map.of(), loop.failures());
      assertTrue(server.held.isEmpty());
    }
  }

  @Test
  void aStalledReaderTakesTheFirstMessageAlone() throws Exception {
    try (GatedServer server = new GatedServer();
        LoadClient connection = LoadClient.connect(server.target())) {
      Call stalled = connection.startStalled(Requests.ofSteps(10, 0));
      Call reading = connection.start(Requests.ofSteps(10, 0));
      GatedServer.Held first = next(server);
      GatedServer.Held second = next(server);
      first.finish();
      second.finish();
      assertEquals(Status.Code.OK, reading.outcome().get(30, TimeUnit.SECONDS).code());
      assertEquals(10, connection.steps());
      assertEquals(false, stalled.outcome().isDone());
      stalled.cancel();
      assertEquals(Status.Code.CANCELLED, stalled.outcome().get(30, TimeUnit.SECONDS).code());
    }
  }
}
