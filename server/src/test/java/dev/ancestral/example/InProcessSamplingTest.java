package dev.ancestral.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.door.LoggedRequests;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.DeviceChoice;
import dev.ancestral.server.onnx.ThreadPool;
import dev.ancestral.server.onnx.TinyOnnx;
import dev.ancestral.server.ops.AncestralServer;
import dev.ancestral.server.ops.ServerConfig;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InProcessSamplingTest {
  private final Path directory;

  InProcessSamplingTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void theExampleDrawsWhatAServerDraws_withAndWithoutClasses() throws IOException {
    draws(Bundles.DIGITS, List.of(0, 1, 2));
    draws(Bundles.UNCONDITIONAL, List.of());
  }

  private void draws(Bundle bundle, List<Integer> labels) throws IOException {
    Path models = Files.createTempDirectory(directory, "models");
    Path model = TinyOnnx.bundle(models.resolve("toy"), bundle);
    Path out = models.resolve("out");
    InProcessSampling.main(new String[] {model.toString(), out.toString()});

    SampleRequest request =
        SampleRequest.newBuilder()
            .setModel("toy")
            .setNumSamples(4)
            .setSeed(7)
            .addAllLabels(labels)
            .setEncoding(Encoding.ENCODING_PNG)
            .build();
    int samples = 0;
    try (AncestralServer server = AncestralServer.start(config(model))) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
      try {
        var stream = SamplerGrpc.newBlockingStub(channel).sample(request);
        while (stream.hasNext()) {
          SampleResponse message = stream.next();
          if (message.hasSample()) {
            Sample sample = message.getSample();
            samples++;
            // The pixels: the server's file holds its recipe besides.
            assertArrayEquals(
                pixels(sample.getData().getPng().toByteArray()),
                pixels(Files.readAllBytes(out.resolve(sample.getSampleIndex() + ".png"))),
                "sample " + sample.getSampleIndex());
          }
        }
      } finally {
        channel.shutdownNow();
      }
    }
    assertEquals(4, samples);
  }

  private static int[] pixels(byte[] png) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private static ServerConfig config(Path model) {
    return new ServerConfig(
        model,
        ServerConfig.DEFAULT_HOST,
        0,
        null,
        DeviceChoice.CPU,
        EngineLimits.DEFAULTS,
        new ThreadPool(2, true),
        LoggedRequests.FAILED,
        Duration.ofSeconds(ServerConfig.DEFAULT_READER_SECONDS),
        Duration.ofSeconds(ServerConfig.DEFAULT_LOAD_SECONDS),
        false,
        Duration.ZERO,
        Duration.ofSeconds(ServerConfig.DEFAULT_DRAIN_SECONDS));
  }
}
