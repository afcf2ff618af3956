package dev.ancestral.e2e;

import static dev.ancestral.e2e.Commands.Module.CLIENT;
import static dev.ancestral.e2e.Commands.Module.EXPORTER;
import static dev.ancestral.e2e.Commands.Module.SERVER;
import static dev.ancestral.e2e.Commands.Module.TRAINER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.client.AncestralClient;
import dev.ancestral.client.SampleObserver;
import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.client.data.Npy;
import dev.ancestral.picture.PngText;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
final class TrainExportServeSampleTest {
  private static final int ITERATIONS = 30;
  private static final long SEED = 7;

  private final Path directory;
  private final Commands commands;

  TrainExportServeSampleTest(@TempDir Path directory) {
    this.directory = directory;
    this.commands = new Commands(directory);
  }

  private void trainAndExport(String data, String name, String... settings) throws Exception {
    Path run = directory.resolve("runs").resolve(name);
    List<Object> train = new ArrayList<>(List.of("train", "--data", data, "--out", run, "--set"));
    train.add("training.iterations=" + ITERATIONS);
    for (String setting : settings) {
      train.add("--set");
      train.add(setting);
    }
    commands.succeed(TRAINER, train.toArray());
    Path bundle = directory.resolve("models").resolve(name);
    commands.succeed(EXPORTER, "export", "--no-fit", "--run", run, "--out", bundle);
  }

  /** The picture that the server draws and encodes by the recipe in a picture. */
  private static byte[] drawnAgain(AncestralClient client, byte[] png) {
    Recipe recipe = Recipe.parse(PngText.find(png, Recipe.KEYWORD).orElseThrow());
    List<byte[]> pictures = new ArrayList<>();
    client.sample(
        recipe.request().toBuilder().setEncoding(Encoding.ENCODING_PNG).build(),
        new SampleObserver() {
          @Override
          public void sample(Sample sample) {
            pictures.add(sample.getData().getPng().toByteArray());
          }
        });
    assertEquals(1, pictures.size());
    return pictures.get(0);
  }

  private static List<float[]> sample(AncestralClient client, String model) {
    List<Sample> samples = new ArrayList<>();
    client
        .sample(
            SampleRequest.newBuilder()
                .setModel(model)
                .setNumSamples(4)
                .addLabels(3)
                .setSteps(20)
                .setSeed(SEED)
                .build())
        .forEachRemaining(
            message -> {
              if (message.hasSample()) {
                samples.add(message.getSample());
              }
            });
    samples.sort(Comparator.comparingInt(Sample::getSampleIndex));
    return samples.stream().map(sample -> FloatTensor.of(sample.getData()).values()).toList();
  }

  @Test
  void aNetworkInHalfPrecisionIsServed_andItsSamplesAreNearlyThoseOfFloat32() throws Exception {
    trainAndExport(
        "builtin:digits", "digits", "network.block_out_channels=[8, 16]", "training.batch=16");
    commands.succeed(
        EXPORTER,
        "export",
        "--no-fit",
        "--run",
        directory.resolve("runs").resolve("digits"),
        "--out",
        directory.resolve("models").resolve("half"),
        "--precision",
        "fp16");
    try (Commands.Server server = serve();
        AncestralClient client = AncestralClient.connect(server.target())) {
      assertEquals("fp16", client.model("half").getProvenanceMap().get("precision"));
      List<float[]> single = sample(client, "digits");
      List<float[]> half = sample(client, "half");

      assertEquals(4, half.size());
      for (int i = 0; i < 4; i++) {
        // In [-1, 1]: a level of the digits is 0.125.
        assertArrayEquals(single.get(i), half.get(i), 0.0625f, "sample " + i);
      }
      assertEquals(0, server.terminate());
    }
  }

  private Commands.Server serve() throws IOException {
    return commands.serve(directory.resolve("models"));
  }

  @Test
  void imagesGoFromDataToPictures_andTheSameSeedGivesTheSameBytesToEveryClient() throws Exception {
    trainAndExport(
        "builtin:digits", "digits", "network.block_out_channels=[8, 16]", "training.batch=16");
    Path pictures = directory.resolve("pictures");
    List<float[]> samples;
    try (Commands.Server server = serve();
        AncestralClient client = AncestralClient.connect(server.target())) {
      Model model = client.model("digits");
      assertEquals(Integer.toString(ITERATIONS), model.getProvenanceMap().get("iterations"));
      assertEquals(List.of(1L, 8L, 8L), model.getDataShapeList());

      commands.succeed(
          CLIENT,
          "sample",
          "--target",
          server.target(),
          "--model",
          "digits",
          "-n",
          4,
          "--label",
          3,
          "--steps",
          20,
          "--seed",
          SEED,
          "--frames",
          5,
          "--npy",
          "--out",
          pictures);
      samples = sample(client, "digits");
      byte[] picture = Files.readAllBytes(pictures.resolve("003.png"));
      assertArrayEquals(picture, drawnAgain(client, picture), "what its recipe gives, as PNG");
      assertEquals(0, server.terminate());
    }
    assertEquals(4, samples.size());
    for (int i = 0; i < 4; i++) {
      Path png = pictures.resolve("00" + i + ".png");
      assertEquals(8, ImageIO.read(png.toFile()).getWidth(), png::toString);
    }
    assertTrue(Files.size(pictures.resolve("grid.png")) > 0);
    assertTrue(Files.size(pictures.resolve("chain.gif")) > 0);
    float[] written = Npy.read(pictures.resolve("samples.npy")).values();
    for (int i = 0; i < 4; i++) {
      assertArrayEquals(
          samples.get(i), Arrays.copyOfRange(written, i * 64, (i + 1) * 64), "sample " + i);
    }
    Path report = directory.resolve("gpu-report");
    commands.succeed(
        SERVER,
        "gpu-check",
        "--models",
        directory.resolve("models"),
        "--device",
        "cpu",
        "--out",
        report);
    String text = Files.readString(report.resolve("report.md"));
    assertTrue(text.contains("ddim: single steps against 8 in a call"), text);
  }

  @Test
  void pointsStayPoints() throws Exception {
    trainAndExport("builtin:swiss-roll", "roll", "network.width=16", "training.batch=64");
    Path pictures = directory.resolve("points");
    try (Commands.Server server = serve()) {
      commands.succeed(
          CLIENT,
          "sample",
          "--target",
          server.target(),
          "--model",
          "roll",
          "-n",
          50,
          "--steps",
          5,
          "--seed",
          SEED,
          "--frames",
          3,
          "--out",
          pictures);
    }
    List<String> lines = Files.readAllLines(pictures.resolve("samples.csv"));
    assertTrue(lines.size() >= 50, () -> lines.size() + " lines");
    assertTrue(Files.size(pictures.resolve("scatter.png")) > 0);
    assertTrue(Files.size(pictures.resolve("chain.gif")) > 0);
  }
}
