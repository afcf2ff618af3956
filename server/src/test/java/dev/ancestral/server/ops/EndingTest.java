package dev.ancestral.server.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.cli.UserError;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.onnx.DeviceChoice;
import dev.ancestral.server.onnx.HostileOnnx;
import dev.ancestral.server.onnx.TinyOnnx;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a server says that it is not yet or no more to be asked. */
@Timeout(60)
final class EndingTest {
  private static final SampleRequest SMALL = SampleRequest.newBuilder().setSteps(1).build();

  private final Path models;

  EndingTest(@TempDir Path models) {
    this.models = models;
    TinyOnnx.bundle(models.resolve("digits"), Bundles.DIGITS);
  }

  @Test
  void readinessSaysNoFirst_andRequestsAreTakenAsLongAsTheDelay() throws Exception {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    try (AncestralServer server =
        AncestralServer.start(
            ServerConfigs.at("127.0.0.1", models, false, Duration.ofMinutes(10)))) {
      String operators = server.metricsTarget().orElseThrow();
      assertEquals(200, Http.status(operators, "/readyz"));
      assertEquals(200, Http.status(operators, "/healthz"));
      assertEquals(404, Http.status(operators, "/elsewhere"));
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
      try {
        Thread draining = new Thread(() -> drain(server, lines), "draining");
        draining.start();
        assertEquals(
            "stopping: not ready from now on; requests that run: 0; new ones are taken for 600 s more",
            next(lines));
        assertEquals(503, Http.status(operators, "/readyz"));
        assertEquals(200, Http.status(operators, "/healthz"));
        assertEquals(
            ServingStatus.NOT_SERVING,
            HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus());
        SamplerGrpc.SamplerBlockingStub sampler = SamplerGrpc.newBlockingStub(channel);
        sampler.sample(SMALL).forEachRemaining(response -> {});
        draining.interrupt();
        draining.join();
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static void drain(AncestralServer server, BlockingQueue<String> lines) {
    try {
      server.drain(lines::add);
      throw new AssertionError("the delay was over");
    } catch (InterruptedException e) {
      lines.add("interrupted");
    }
  }

  @Test
  void withoutADelayItSaysWhatItDoes() throws Exception {
    List<String> lines = new ArrayList<>();
    try (AncestralServer server =
        AncestralServer.start(ServerConfigs.at("127.0.0.1", models, false, Duration.ZERO))) {
      assertTrue(server.drain(lines::add));
    }
    assertEquals(
        List.of(
            "stopping: not ready from now on; requests that run: 0",
            "stopped: every request was finished"),
        lines);
  }

  private static String next(BlockingQueue<String> lines) throws InterruptedException {
    return Objects.requireNonNull(lines.poll(20, TimeUnit.SECONDS), "nothing is said");
  }

  @Test
  void aPortForOperatorsSaysThatTheModelsAreStillLoaded() throws Exception {
    HostileOnnx.bundle(models.resolve("a"), Bundles.UNCONDITIONAL, HostileOnnx.terabyte());
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    List<Integer> whileLoading = new ArrayList<>();
    ServerConfig config =
        ServerConfigs.of(models, "127.0.0.1", 0, port, DeviceChoice.CPU, Duration.ZERO);
    try (AncestralServer server =
        AncestralServer.start(config, problem -> whileLoading.add(ready(port)))) {
      assertEquals(List.of(503), whileLoading);
      assertEquals(port, server.metricsPort().orElseThrow());
      assertEquals(200, ready(port));
    }
  }

  private static int ready(int port) {
    try {
      return Http.status("127.0.0.1:" + port, "/readyz");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void strictlyOneBadModelKeepsAllFromBeingServed_afterEachIsNamed() throws Exception {
    HostileOnnx.bundle(models.resolve("a"), Bundles.UNCONDITIONAL, HostileOnnx.terabyte());
    HostileOnnx.bundle(models.resolve("b"), Bundles.UNCONDITIONAL, HostileOnnx.hiddenChannels());
    List<String> told = new ArrayList<>();
    ServerConfig strict = ServerConfigs.at("127.0.0.1", models, true, Duration.ZERO);
    UserError e =
        assertThrows(UserError.class, () -> AncestralServer.start(strict, told::add).close());
    assertEquals(2, told.size(), told.toString());
    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith(
                "strict: 2 of what lies below %s cannot be served, the first since: model a: "
                    .formatted(models)),
        e.getMessage());
  }
}
