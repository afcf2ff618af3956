package dev.ancestral.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.server.onnx.TinyOnnx;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command in a process of its own. */
@Timeout(120)
final class ServeProcessTest {
  private final Path temporary;

  ServeProcessTest(@TempDir Path temporary) {
    this.temporary = temporary;
  }

  private Process serve(Path models, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Djava.io.tmpdir=" + temporary,
                ServerMain.class.getName(),
                "serve",
                "--models",
                models.toString(),
                "--port",
                "0"));
    command.addAll(List.of(more));
    return new ProcessBuilder(command).start();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // There is no SIGTERM.
  void servesUntilToldToStop_finishesWhatRuns_andExitsWithZero(@TempDir Path models)
      throws Exception {
    TinyOnnx.bundle(models.resolve("digits"), Bundles.DIGITS);
    Process process = serve(models, "--device", "cpu", "--threads", "1");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("device cpu: asked for", out.readLine());
      assertEquals("model digits: samples [1, 8, 8], 1000 timesteps, 0.0 MB", out.readLine());
      String ready = out.readLine();
      assertTrue(ready.matches("READY grpc=127\\.0\\.0\\.1:\\d+"), ready);
      ManagedChannel channel =
          NettyChannelBuilder.forTarget(ready.substring("READY grpc=".length()))
              .usePlaintext()
              .build();
      SamplerGrpc.SamplerBlockingStub sampler = SamplerGrpc.newBlockingStub(channel);
      // More than the connection holds: the request waits for its reader, whatever the machine.
      Iterator<SampleResponse> responses =
          sampler.sample(
              SampleRequest.newBuilder()
                  .setNumSamples(50)
                  .setSteps(200)
                  .setFrames(Frames.newBuilder().setEvery(1).setLossless(true))
                  .build());
      assertTrue(responses.next().hasAccepted());
      process.toHandle().destroy();
      assertEquals("server: draining, takes no new requests", refusal(sampler));
      int samples = 0;
      SampleResponse last = SampleResponse.getDefaultInstance();
      while (responses.hasNext()) {
        last = responses.next();
        samples += last.hasSample() ? 1 : 0;
      }
      assertEquals(50, samples);
      assertTrue(last.hasSummary());
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
      try (Stream<Path> left = Files.walk(temporary)) {
        assertEquals(List.of(), left.filter(Files::isRegularFile).toList(), "unpacked libraries");
      }
      channel.shutdownNow();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Asks until the server, which was just told to stop, takes no more. */
  private static String refusal(SamplerGrpc.SamplerBlockingStub sampler) {
    SampleRequest small = SampleRequest.newBuilder().setSteps(1).build();
    while (true) {
      try {
        sampler.sample(small).forEachRemaining(response -> {});
      } catch (StatusRuntimeException e) {
        assertEquals(Status.Code.UNAVAILABLE, e.getStatus().getCode());
        return String.valueOf(e.getStatus().getDescription());
      }
    }
  }

  @Test
  void withoutModelsItFailsInOneLine(@TempDir Path models) throws Exception {
    Process process = serve(models);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, process.waitFor());
    assertEquals(
        "error: models: no bundle below %s (expected: directories that export wrote)%n"
            .formatted(models),
        err);
  }

  @Test
  void aWrongFlagIsWrongUsage(@TempDir Path models) throws Exception {
    Process process = serve(models, "--devise", "cpu");
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(2, process.waitFor());
    assertTrue(err.contains("did you mean --device?"), err);
  }

  @Test
  void anUnknownBatchingIsRefused(@TempDir Path models) throws Exception {
    Process process = serve(models, "--batching", "chain");
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(2, process.waitFor());
    assertTrue(
        err.startsWith("error: batching: chain (expected: step or request)%n".formatted()), err);
  }
}
