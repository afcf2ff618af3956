package dev.ancestral.server.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.cli.UserError;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.onnx.CudaProbe;
import dev.ancestral.server.onnx.DeviceChoice;
import dev.ancestral.server.onnx.TinyOnnx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a server from starting is named. */
@Timeout(60)
final class RefusedStartTest {
  private static final String LOOPBACK = "127.0.0.1";

  private final Path models;

  RefusedStartTest(@TempDir Path models) throws Exception {
    this.models = models;
    TinyOnnx.bundle(models.resolve("digits"), Bundles.DIGITS);
  }

  private String refusal(String host, int port, @Nullable Integer metricsPort) {
    ServerConfig config =
        ServerConfigs.of(models, host, port, metricsPort, DeviceChoice.CPU, Duration.ZERO);
    return String.valueOf(
        assertThrows(UserError.class, () -> AncestralServer.start(config)).getMessage());
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket taken = listening()) {
      assertEquals(
          "port: cannot listen on 127.0.0.1:%d: Address already in use (expected: an address of this machine and a free port; --port 0 takes one)"
              .formatted(taken.getLocalPort()),
          refusal(LOOPBACK, taken.getLocalPort(), 0));
    }
  }

  @Test
  void aMetricsPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = listening()) {
      assertEquals(
          "metrics-port: cannot listen on 127.0.0.1:%d: Address already in use (expected: an address of this machine and a free port; --metrics-port 0 takes one)"
              .formatted(taken.getLocalPort()),
          refusal(LOOPBACK, 0, taken.getLocalPort()));
    }
  }

  @Test
  void anUnknownHostIsNamed() {
    assertEquals(
        "host: nowhere.invalid is not known (expected: a name or an address of this machine)",
        refusal("nowhere.invalid", 0, null));
  }

  @Test
  void cudaWithoutADeviceIsOneLine() {
    Assumptions.assumeTrue(CudaProbe.ofThisMachine().obstacle().isPresent());
    ServerConfig cuda =
        ServerConfigs.of(models, LOOPBACK, 0, 0, DeviceChoice.parse("cuda"), Duration.ZERO);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> AncestralServer.start(cuda));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith("device: cuda:0 cannot be used: "),
        e.getMessage());
  }
}
