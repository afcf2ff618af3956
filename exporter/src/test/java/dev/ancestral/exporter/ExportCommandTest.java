package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.exporter.onnx.OnnxSummary;
import dev.ancestral.trainer.WeightsKind;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.run.TrainedNetwork;
import dev.ancestral.trainer.run.TrainingRun;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** From a real, if short, run to a bundle. */
class ExportCommandTest {
  private static final List<String> SETTINGS =
      List.of(
          "sampling.eta=0.5",
          "sampling.guidance_weight=2",
          "sampling.guidance_rescale=0.7",
          "data.source=builtin:digits",
          "schedule.timesteps=20",
          "network.block_out_channels=[8, 16]",
          "network.layers_per_block=1",
          "training.iterations=3",
          "training.batch=8",
          "sampling.steps=2");

  private static Path directory;
  private static Path run;

  @BeforeAll
  static void train(@TempDir Path temporary) throws IOException {
    directory = temporary;
    run = train("run", "digits", SETTINGS);
  }

  private static Path train(String name, String preset, List<String> settings) throws IOException {
    Path root = directory.resolve(name);
    Map<String, Object> config = ConfigSources.preset(preset);
    for (String setting : settings) {
      config = ConfigSources.merge(config, ConfigSources.setting(setting));
    }
    try (PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      TrainingRun.start(root, TrainingConfig.of(config), silent).run(() -> false);
    }
    return root;
  }

  private static String succeed(String... args) {
    StringWriter out = new StringWriter();
    CommandLine line =
        new CommandLine(new ExporterMain())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(out));
    assertEquals(0, line.execute(args), out::toString);
    return out.toString();
  }

  private static void assertSays(String text, String... parts) {
    for (String part : parts) {
      assertTrue(
          text.replaceAll(" +", " ").contains(part),
          () -> text + "\n(expected to contain: " + part + ")");
    }
  }

  @Test
  void aNetworkThatDiffusersHas_bringsItsWeightsAsDiffusersReadsThem() throws IOException {
    Path bundle = directory.resolve("for-diffusers");
    succeed("export", "--no-fit", "--run", run.toString(), "--out", bundle.toString());

    byte[] file =
        Files.readAllBytes(bundle.resolve("unet").resolve("diffusion_pytorch_model.safetensors"));
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int data = Math.toIntExact(Long.BYTES + bytes.getLong());
    JsonObject header =
        JsonParser.parseString(
                new String(file, Long.BYTES, data - Long.BYTES, StandardCharsets.UTF_8))
            .getAsJsonObject();
    assertEquals("pt", header.getAsJsonObject("__metadata__").get("format").getAsString());
    try (TrainedNetwork network = TrainedNetwork.load(run, WeightsKind.EMA, notice -> {})) {
      assertEquals(network.block().getParameters().size(), header.size() - 1);
      for (Pair<String, Parameter> parameter : network.block().getParameters()) {
        JsonObject entry = header.getAsJsonObject(parameter.getKey());
        JsonArray offsets = entry.getAsJsonArray("data_offsets");
        NDArray trained = parameter.getValue().getArray();
        float[] written = new float[Math.toIntExact(trained.size())];
        bytes
            .slice(data + offsets.get(0).getAsInt(), written.length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(written);
        assertArrayEquals(trained.toFloatArray(), written, parameter.getKey());
        assertEquals(
            Arrays.toString(trained.getShape().getShape()),
            entry.get("shape").toString().replace(",", ", "));
      }
    }
    assertTrue(header.has("mid_block.resnets.1.conv1.weight"), header::toString);
  }

  @Test
  void runBecomesABundle_thatSaysWhereItComesFrom() throws IOException {
    Path bundle = directory.resolve("bundle");

    assertSays(
        succeed("export", "--no-fit", "--run", run.toString(), "--out", bundle.toString()),
        "run, ema weights",
        "ONNX opset 17",
        "agree in 10 cases");

    Bundle facts = BundleFormat.read(bundle);
    assertEquals("3", facts.provenance().get("iterations"));
    assertEquals("ema", facts.provenance().get("weights"));
    assertEquals(Map.of("eta", 0.5), facts.recommended().options());
    assertEquals(2, facts.recommended().guidanceWeight());
    assertEquals(0.7, facts.recommended().guidanceRescale());
    OnnxSummary model = OnnxSummary.of(bundle.resolve(BundleFormat.MODEL));
    assertEquals("out_sample float32 [batch, 1, 8, 8]", model.outputs().get(0).toString());
    assertTrue(Files.readString(bundle.resolve("unet/config.json")).contains("UNet2DModel"));
    assertTrue(Files.exists(bundle.resolve("preview.png")));
  }

  @Test
  void whatTakesTooLongToFit_isLeftOut_andTheCommandIsSaid() throws IOException {
    Path bundle = directory.resolve("unfitted");

    CommandRun export =
        CommandRun.of(
            "export", "--run", run.toString(), "--out", bundle.toString(), "--fit-limit", "0");

    assertEquals(0, export.code(), export.err());
    assertSays(
        export.err(),
        "not fitted: ",
        "more than --fit-limit 0 s; this does it:",
        "ancestral fit --bundle %s --run %s".formatted(bundle, run));
    assertNull(BundleFormat.read(bundle).model().fitted());
  }

  @Test
  void whatCannotBeFitted_isSaid_andTheBundleIsWhole() throws IOException {
    Path brief = train("short", "digits", with(SETTINGS, "schedule.timesteps=2"));
    Path bundle = directory.resolve("short-bundle");

    CommandRun export =
        CommandRun.of("export", "--run", brief.toString(), "--out", bundle.toString());

    assertEquals(0, export.code(), export.err());
    assertSays(
        export.err(),
        "warning: the bundle is whole, but was not fitted: --calls: none (expected: at least one below the teacher's 2)");
    assertEquals("3", BundleFormat.read(bundle).provenance().get("iterations"));
  }

  @Test
  void whatTakesNotTooLong_isFittedAtOnce_andComparedWithTheRunsData() throws IOException {
    StringBuilder spiral = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      double turn = 1.5 * Math.PI * (1 + 2 * i / 300.0);
      spiral.append("%s,%s%n".formatted(turn * Math.cos(turn), turn * Math.sin(turn)));
    }
    Path csv = Files.writeString(directory.resolve("spiral.csv"), spiral);
    Path points =
        train(
            "fitted-points",
            "swiss-roll",
            List.of(
                "data.source=csv:" + csv,
                "network.width=8",
                "schedule.name=squaredcos_cap_v2",
                "schedule.timesteps=4",
                "sampling.steps=4",
                "training.iterations=2",
                "output.samples=4"));
    Path bundle = directory.resolve("fitted-points-bundle");

    CommandRun export =
        CommandRun.of("export", "--run", points.toString(), "--out", bundle.toString());

    assertEquals(0, export.code(), export.err());
    assertSays(export.err(), "fit: ", " rows of ", "fitting: ");
    assertSays(
        export.out(), "agree in ", "calls weight times fitted ddim dpmpp-2m", "guidance 1.00: ");
    FittedTables tables = Objects.requireNonNull(BundleFormat.read(bundle).model().fitted());
    assertEquals("ddim:4", tables.teacher());
    FittedProof.Comparison comparison =
        Objects.requireNonNull(tables.tables().get(0).weighted().get(0).proof().comparison());
    assertEquals("300 of the run's data", comparison.reference());
    assertTrue(comparison.samples() >= FittedProof.Comparison.LEAST_SAMPLES, comparison::toString);
  }

  @Test
  void aFitIsComparedWithTheDataOfItsRun_andWithNoOthers() throws IOException {
    Path bundle = directory.resolve("fitted");
    succeed("export", "--no-fit", "--run", run.toString(), "--out", bundle.toString());
    List<String> fit =
        List.of("fit", "--bundle", bundle.toString(), "--calls", "3", "--chains", "4");

    CommandRun fitted = CommandRun.of(fit, "--samples", "50", "--run", run.toString());

    assertEquals(0, fitted.code(), fitted.err());
    FittedTables tables = Objects.requireNonNull(BundleFormat.read(bundle).model().fitted());
    FittedProof.Comparison comparison =
        Objects.requireNonNull(tables.tables().get(0).weighted().get(0).proof().comparison());
    assertTrue(comparison.reference().contains("data"), comparison::reference);
    assertNotNull(comparison.accuracy());

    Path other = train("other", "digits", with(SETTINGS, "training.seed=1"));
    CommandRun refused = CommandRun.of(fit, "--run", other.toString());
    assertEquals(
        "error: --run %s: seed: 1 (expected: 0, as the bundle was trained)".formatted(other),
        refused.err());
  }

  private static List<String> with(List<String> settings, String... more) {
    return Stream.concat(settings.stream(), Stream.of(more)).toList();
  }

  @Test
  void weightsAndOpsetAreChosen() throws IOException {
    Path bundle = directory.resolve("raw");

    succeed(
        "export",
        "--no-fit",
        "--run",
        run.toString(),
        "--out",
        bundle.toString(),
        "--weights",
        "raw",
        "--opset",
        "21");

    assertEquals("raw", BundleFormat.read(bundle).provenance().get("weights"));
    assertSays(succeed("inspect", bundle.toString()), "opset 21");
  }

  @Test
  void anAverageAndACheckpointAreChosenByName() throws IOException {
    Path kept = train("kept", "digits", with(SETTINGS, "ema.rates=0.5", "ema.sigma_rel=0.1"));
    for (String[] choice :
        new String[][] {
          {"0.5", "last", "ema 0.5", "3"},
          {"power:0.2", "best", "ema power:0.2", "3"},
          {"default", "3", "ema", "3"}
        }) {
      Path bundle = directory.resolve("chosen-" + choice[1]);
      assertSays(
          succeed(
              "export",
              "--no-fit",
              "--run",
              kept.toString(),
              "--out",
              bundle.toString(),
              "--ema",
              choice[0],
              "--checkpoint",
              choice[1]),
          "kept, %s weights after %s iterations".formatted(choice[2], choice[3]),
          "agree in 10 cases");
      Map<String, String> provenance = BundleFormat.read(bundle).provenance();
      assertEquals(choice[2], provenance.get("weights"));
      assertEquals(choice[3], provenance.get("iterations"));
    }
  }

  /** How many weights of this type a bundle's network has. */
  private static long numbers(Path bundle, String type) throws IOException {
    OnnxSummary model = OnnxSummary.of(bundle.resolve(BundleFormat.MODEL));
    return Objects.requireNonNull(model.weights().get(type), type);
  }

  @Test
  void inHalfPrecision_isHalfTheSize_andSaysSo() throws IOException {
    Path single = directory.resolve("single");
    Path half = directory.resolve("half");
    succeed("export", "--no-fit", "--run", run.toString(), "--out", single.toString());

    assertSays(
        succeed(
            "export",
            "--no-fit",
            "--run",
            run.toString(),
            "--out",
            half.toString(),
            "--precision",
            "fp16"),
        "ONNX opset 17, fp16",
        "agree in 21 cases",
        "allowed: before rounding, batch 1, timestep 0",
        "allowed: weights rounded to float16, relative",
        "allowed: chain of 5 DDIM steps");

    assertEquals("fp16", BundleFormat.read(half).provenance().get("precision"));
    assertEquals("fp32", BundleFormat.read(single).provenance().get("precision"));
    double share =
        (double) Files.size(half.resolve(BundleFormat.MODEL))
            / Files.size(single.resolve(BundleFormat.MODEL));
    assertTrue(share < 0.75, () -> "size: %.2f of float32's".formatted(share));
    OnnxSummary model = OnnxSummary.of(half.resolve(BundleFormat.MODEL));
    assertEquals("sample float32 [batch, 1, 8, 8]", model.inputs().get(0).toString());
    assertEquals("out_sample float32 [batch, 1, 8, 8]", model.outputs().get(0).toString());
    assertEquals("fp16", BundleFormat.fromMetadata(model.metadata()).provenance().get("precision"));
    assertSays(succeed("inspect", half.toString()), "precision: fp16");
    long weights = numbers(single, "float32");
    assertTrue(numbers(half, "float16") > 0.9 * weights);
    assertEquals(weights, numbers(half, "float16") + numbers(half, "float32"));
    assertSays(
        succeed("inspect", half.toString()),
        String.format(
            Locale.ROOT,
            " nodes, %,d float16 and %,d float32 weights, ",
            numbers(half, "float16"),
            numbers(half, "float32")));
    assertSays(
        succeed("inspect", single.toString()),
        String.format(Locale.ROOT, " nodes, %,d float32 weights, ", weights));
  }

  @Test
  void aRunIsExportedAndInspected_thoughItsDataAreGone() throws IOException {
    Path csv = Files.writeString(directory.resolve("points.csv"), "0.1,1\n1,0.3\n2,-3\n");
    Path points =
        train(
            "points",
            "swiss-roll",
            List.of(
                "data.source=csv:" + csv,
                "network.width=8",
                "training.iterations=2",
                "output.samples=4"));
    Files.delete(csv);
    Path bundle = directory.resolve("points-bundle");

    succeed("export", "--no-fit", "--run", points.toString(), "--out", bundle.toString());

    assertEquals(List.of(2L), BundleFormat.read(bundle).data().shape());
    assertSays(succeed("inspect", points.toString()), "data 2 in [-3.0, 2.0], continuous");
  }

  @Test
  void runSaysWhatItIs() {
    assertSays(
        succeed("inspect", run.toString()),
        "block_out_channels: [8, 16]",
        "T = 20",
        "iterations: 3",
        "steps, eta 0.5, guidance_weight 2.0, guidance_rescale 0.7",
        "data 1x8x8");
  }
}
