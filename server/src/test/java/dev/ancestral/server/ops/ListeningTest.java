package dev.ancestral.server.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.cli.UserError;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.onnx.TinyOnnx;
import dev.ancestral.v1.GetModelRequest;
import dev.ancestral.v1.ModelsGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where a server listens, and what it says of it. */
@Timeout(60)
final class ListeningTest {
  private final Path models;

  ListeningTest(@TempDir Path models) {
    this.models = models;
    TinyOnnx.bundle(models.resolve("digits"), Bundles.DIGITS);
  }

  private AncestralServer start(String host) throws Exception {
    return AncestralServer.start(ServerConfigs.at(host, models, true, Duration.ZERO));
  }

  private static void requireVersion6() throws Exception {
    Assumptions.assumeTrue(
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(address -> address instanceof Inet6Address && address.isLoopbackAddress()),
        "this machine has no IPv6");
  }

  /** Asks the server for its model at that target; returns its name. */
  private static String ask(String target) throws Exception {
    String uri =
        target.startsWith("unix:") ? target : new URI("dns", "", "/" + target, null).toString();
    ManagedChannel channel =
        Grpc.newChannelBuilder(uri, InsecureChannelCredentials.create()).build();
    try {
      return ModelsGrpc.newBlockingStub(channel)
          .getModel(GetModelRequest.getDefaultInstance())
          .getName();
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void anAddressOfVersion6IsListenedOn_andSaidInBrackets() throws Exception {
    requireVersion6();
    try (AncestralServer server = start("::1")) {
      assertEquals("[::1]:" + server.port(), server.target());
      assertEquals("digits", ask(server.target()));
      String metrics = server.metricsTarget().orElseThrow();
      assertTrue(metrics.startsWith("[::1]:"), metrics);
      assertEquals(200, Http.status(metrics, "/readyz"));
    }
  }

  @Test
  void ofAllAddressesOneIsSaidThatCanBeUsed() throws Exception {
    requireVersion6();
    try (AncestralServer server = start("::")) {
      assertEquals("[::1]:" + server.port(), server.target());
      assertEquals(
          "every address of this machine ([::]), port " + server.port(),
          server.wide().orElseThrow());
      assertEquals("digits", ask(server.target()));
      assertEquals("digits", ask("127.0.0.1:" + server.port()));
    }
    try (AncestralServer server = start("0.0.0.0")) {
      assertEquals("127.0.0.1:" + server.port(), server.target());
      assertEquals("digits", ask(server.target()));
      assertTrue(server.metricsTarget().orElseThrow().startsWith("127.0.0.1:"));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aSocketInTheFileSystemIsListenedOn_andGoesWithTheServer() throws Exception {
    Path file = models.resolve("s");
    try (AncestralServer server = start("unix:" + file)) {
      assertEquals("unix:" + file, server.target());
      assertEquals("digits", ask(server.target()));
    }
    assertFalse(Files.exists(file));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aSocketThatNobodyListensOnIsReplaced_andOneThatIsInUseIsNot() throws Exception {
    Path file = models.resolve("s");
    ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    killed.bind(UnixDomainSocketAddress.of(file));
    killed.close();
    assertTrue(Files.exists(file), "a process that is killed leaves it");
    try (AncestralServer server = start("unix:" + file)) {
      assertEquals("digits", ask(server.target()));
      assertEquals(
          "host: somebody listens on unix:%s already (expected: a socket of its own)"
              .formatted(file),
          assertThrows(UserError.class, () -> start("unix:" + file)).getMessage());
      assertEquals("digits", ask(server.target()));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileThatIsNoSocketIsLeftAlone() throws Exception {
    Path file = Files.writeString(models.resolve("notes.txt"), "mine");
    assertEquals(
        "host: unix:%s is a file that is no socket (expected: a socket, or nothing there)"
            .formatted(file),
        assertThrows(UserError.class, () -> start("unix:" + file)).getMessage());
    assertEquals("mine", Files.readString(file));
  }
}
