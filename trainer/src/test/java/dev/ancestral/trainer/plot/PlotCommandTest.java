package dev.ancestral.trainer.plot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.ancestral.cli.Cli;
import dev.ancestral.trainer.WeightsKind;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.run.TrainedNetwork;
import dev.ancestral.trainer.run.TrainingRun;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotCommandTest {
  private static Path images;
  private static Path points;

  @BeforeAll
  static void train(@TempDir Path directory) throws IOException {
    images = directory.resolve("images");
    points = directory.resolve("points");
    train(images, "digits", "digits", "network.block_out_channels=[8, 16]");
    train(points, "swiss-roll-ddpm", "swiss-roll", "network.width=16");
  }

  private static void train(Path run, String preset, String source, String network)
      throws IOException {
    Map<String, Object> config = ConfigSources.preset(preset);
    for (String setting :
        List.of(
            "data.source=builtin:" + source,
            network,
            "prediction_type=epsilon",
            "training.iterations=2",
            "training.batch=8",
            "sampling.sampler=ddim",
            "sampling.steps=12")) {
      config = ConfigSources.merge(config, ConfigSources.setting(setting));
    }
    try (PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      TrainingRun.start(run, TrainingConfig.of(config), silent).run(() -> false);
    }
  }

  private static int plot(Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    return Cli.run(new PlotCommand(), words);
  }

  private static BufferedImage picture(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    assertTrue(image.getWidth() > 200, file::toString);
    return image;
  }

  @Test
  void imagesInTheForwardProcess_areWholeAtFirstAndNoiseAtLast() throws IOException {
    assertEquals(0, plot("forward", "--run", images));
    BufferedImage sheet = picture(images.resolve("forward.png"));
    // Most of a clean digit is black, and little of the noise.
    int column = sheet.getWidth() / 11;
    assertTrue(blackShare(sheet, 0, column) > 0.35, "x_0");
    assertTrue(blackShare(sheet, 10 * column, column) < 0.25, "x_T");
  }

  private static double blackShare(BufferedImage sheet, int from, int width) {
    int black = 0;
    int all = 0;
    for (int y = 0; y < sheet.getHeight(); y++) {
      for (int x = from; x < from + width; x++) {
        all++;
        black += (sheet.getRGB(x, y) & 0xFFFFFF) == 0 ? 1 : 0;
      }
    }
    return (double) black / all;
  }

  @Test
  void theReverseChainIsDrawn_ofImagesAndOfPoints_anywhereOneLikes(@TempDir Path directory)
      throws IOException {
    Path out = directory.resolve("chain.png");
    assertEquals(0, plot("reverse", "--run", images, "--out", out));
    picture(out);
    assertEquals(0, plot("reverse", "--run", points));
    picture(points.resolve("reverse.png"));
  }

  @Test
  void theReverseChainIsGuidedAsTheRunSays(@TempDir Path directory) throws IOException {
    Path plain = directory.resolve("plain.png");
    assertEquals(0, plot("reverse", "--run", images, "--out", plain));
    Path file = images.resolve("config.yaml");
    String config = Files.readString(file);
    Path guided = directory.resolve("guided.png");
    try {
      Files.writeString(file, config.replace("guidance_weight: 1.0", "guidance_weight: 3.0"));
      assertEquals(0, plot("reverse", "--run", images, "--out", guided));
    } finally {
      Files.writeString(file, config);
    }
    assertTrue(Files.mismatch(plain, guided) >= 0);
  }

  @Test
  void pointsInTheForwardProcess_areScatters() throws IOException {
    assertEquals(0, plot("forward", "--run", points));
    picture(points.resolve("forward.png"));
  }

  @Test
  void theScoreOfPointsIsDrawn() throws IOException {
    assertEquals(0, plot("score", "--run", points, "--timestep", 3));
    picture(points.resolve("score.png"));
  }

  @Test
  void theScoreIsMinusTheNoise_overItsDeviation() throws IOException {
    try (TrainedNetwork network = TrainedNetwork.load(points, WeightsKind.EMA, PlotOptions::warn)) {
      int t = 40;
      float[][] places = {{0.3f, -0.4f}, {1.1f, 0.2f}};
      float[][] score = new ScoreField(network, t).at(places);
      double sigma = network.facts().scheduler().schedule().sigma(t);
      float[][] noise = predict(network, places, t);
      for (int i = 0; i < places.length; i++) {
        assertArrayEquals(
            new double[] {-noise[i][0] / sigma, -noise[i][1] / sigma},
            new double[] {score[i][0], score[i][1]},
            1e-4);
      }
    }
  }

  private static float[][] predict(TrainedNetwork network, float[][] places, int t) {
    NDManager manager = network.manager();
    float[] flat = {places[0][0], places[0][1], places[1][0], places[1][1]};
    NDList inputs =
        new NDList(manager.create(flat, new Shape(2, 2)), manager.create(new float[] {t, t}));
    float[] output =
        network
            .block()
            .forward(new ParameterStore(manager, false), inputs, false)
            .singletonOrThrow()
            .toFloatArray();
    return new float[][] {{output[0], output[1]}, {output[2], output[3]}};
  }

  @Test
  void theScoreOfImages_andATimestepOutOfBounds_areRefused() {
    assertRefused("expected: points of two features, shape [2]", "score", "--run", images);
    assertRefused(
        "error: --timestep: 99999 (expected: 0..", "score", "--run", points, "--timestep", 99999);
    assertFalse(Files.exists(images.resolve("score.png")));
  }

  private static void assertRefused(String expected, Object... arguments) {
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      assertEquals(1, plot(arguments));
    } finally {
      System.setErr(err);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains(expected), text);
  }
}
