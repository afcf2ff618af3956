package dev.ancestral.trainer.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.cli.Cli;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.run.TrainingRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  private static Path digits;
  private static Path points;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  @BeforeAll
  static void train(@TempDir Path directory) throws IOException {
    digits = directory.resolve("digits");
    points = directory.resolve("points");
    train(
        digits,
        "digits",
        "data.source=builtin:digits",
        "network.block_out_channels=[8, 16]",
        "sampling.variance=learned_range");
    train(
        points,
        "swiss-roll-ddpm",
        "data.source=builtin:swiss-roll",
        "network.width=16",
        "sampling.variance=fixed_large");
  }

  private static void train(Path run, String preset, String source, String network, String variance)
      throws IOException {
    Map<String, Object> config = ConfigSources.preset(preset);
    for (String setting :
        List.of(
            source,
            network,
            variance,
            "loss.type=vlb",
            "schedule.timesteps=30",
            "training.iterations=4",
            "training.batch=8",
            "ema.rates=0.2",
            "sampling.sampler=ddpm",
            "sampling.steps=30")) {
      config = ConfigSources.merge(config, ConfigSources.setting(setting));
    }
    try (PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      TrainingRun.start(run, TrainingConfig.of(config), silent).run(() -> false);
    }
  }

  private int evaluate(Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    PrintStream out = System.out;
    PrintStream err = System.err;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    try {
      return Cli.run(new EvaluateCommand(), words);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private String said() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** The figure in this row's first column. */
  private double figure(String row) {
    Matcher matcher =
        Pattern.compile("^ *" + Pattern.quote(row) + " +(-?[0-9.]+)", Pattern.MULTILINE)
            .matcher(said());
    assertTrue(matcher.find(), row + " in " + said());
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void likelihoodOfImagesIsInBitsPerDimension_withItsTermsAndTheirPlot() throws IOException {
    assertEquals(0, evaluate("--run", digits, "--limit", 3));
    assertTrue(
        said()
            .startsWith(
                "bound on the negative log-likelihood of 3 of the 1797 samples of builtin:digits, by the averaged weights after 4 iterations"),
        said());
    assertEquals(
        figure("total"), figure("prior") + figure("divergences, summed") + figure("decoder"), 2e-4);
    assertEquals(4.0875, figure("17 levels, all alike"), 0);
    assertTrue(
        ImageIO.read(digits.resolve("likelihood.png").toFile()).getWidth() > 200, "a picture");
  }

  @Test
  void likelihoodOfPointsIsADensity_ofFreshOnes(@TempDir Path directory) {
    Path plot = directory.resolve("terms.png");
    assertEquals(0, evaluate("--run", points, "--limit", 50, "--plot", plot));
    assertTrue(
        said()
            .startsWith(
                "bound on the negative log-density of 50 samples of builtin:swiss-roll, drawn afresh"),
        said());
    assertTrue(figure("one normal distribution") > 1, said());
    assertTrue(said().contains("total in nats:"), said());
    assertTrue(Files.isRegularFile(plot));
  }

  @Test
  void anotherAverageIsMeasuredByItsName() {
    assertEquals(0, evaluate("--run", digits, "--limit", 2));
    String averaged = said().replaceFirst(".*\n", "");
    printed.reset();
    assertEquals(0, evaluate("--run", digits, "--limit", 2, "--ema", "0.2"));
    assertTrue(said().contains(", by the averaged weights (ema 0.2) after 4 iterations"), said());
    assertTrue(!averaged.equals(said().replaceFirst(".*\n", "")), said());
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    assertEquals(0, evaluate("--run", digits, "--limit", 2));
    String first = said();
    printed.reset();
    assertEquals(0, evaluate("--run", digits, "--limit", 2));
    assertEquals(first, said());
    printed.reset();
    assertEquals(0, evaluate("--run", digits, "--limit", 2, "--seed", 5));
    assertTrue(!first.equals(said()));
  }

  @Test
  void whatDoesNotFitIsNamed(@TempDir Path directory) throws IOException {
    assertEquals(2, evaluate("--run", digits, "--limit", 0));
    assertEquals(2, evaluate("--run", digits, "--samples", directory, "--limit", 3));
    Path csv = Files.writeString(directory.resolve("points.csv"), "1,2,3\n4,5,6\n");
    assertEquals(1, evaluate("--run", points, "--data", "csv:" + csv));
    assertEquals(2, evaluate("--run", digits, "--samples", directory, "--checkpoint", "best"));
    String complaints = complained.toString(StandardCharsets.UTF_8);
    assertTrue(complaints.contains("--limit: 0 (expected: at least 1)"), complaints);
    assertTrue(complaints.contains("--samples: does not go with --limit or --plot"), complaints);
    assertTrue(complaints.contains("shape [3], 0 levels"), complaints);
    assertTrue(
        complaints.contains("--samples: does not go with --ema or --checkpoint"), complaints);
  }
}
