package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.onnx.proto.OnnxMl;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.exporter.testing.TinyNetwork;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InspectCommandTest {
  private static Path bundle;

  @BeforeAll
  static void exportOnce(@TempDir Path directory) throws IOException {
    bundle = directory.resolve("tiny");
    try (NDManager manager = NDManager.newBaseManager()) {
      TinyNetwork network =
          new TinyNetwork(
              manager,
              new DataSpec(List.of(1L, 4L, 4L), -1, 1, 17),
              new Conditioning(3, List.of("a", "b", "c"), 3),
              1);
      BundleExport.write(
          bundle,
          network.bundle(),
          network,
          manager,
          Map.of("_class_name", "Tiny"),
          ExportFormat.DEFAULT);
    }
  }

  private static String inspect(Path path) {
    StringWriter out = new StringWriter();
    CommandLine line = new CommandLine(new InspectCommand()).setOut(new PrintWriter(out));
    assertEquals(0, line.execute(path.toString()));
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
  void bundleSaysWhatItIsAndHowItWasProven() {
    assertSays(
        inspect(bundle),
        " float32 weights, ",
        "input sample float32 [batch, 1, 4, 4]",
        "output out_sample float32 [batch, 1, 4, 4]",
        "operators ",
        "data 1x4x4 in [-1.0, 1.0], 17 levels",
        "classes 3 (a, b, c), null label 3",
        "schedule linear, T = 20, final SNR 0.0353",
        "prediction epsilon",
        "made by: TinyNetwork",
        "proof trained and exported network agree in 10 cases",
        "chain of 5 DDIM steps");
  }

  @Test
  void loneOnnxFileSaysWhatItsMetadataSay() throws IOException {
    Path alone = Files.copy(bundle.resolve(BundleFormat.MODEL), bundle.resolveSibling("a.onnx"));

    assertSays(inspect(alone), "opset 17", "schedule linear, T = 20", "made by: TinyNetwork");
  }

  /** A directory of diffusers around the network. */
  private static Path foreign(Path directory, String scheduler) throws IOException {
    Files.createDirectories(directory.resolve("unet"));
    Files.createDirectories(directory.resolve("scheduler"));
    Files.copy(bundle.resolve(BundleFormat.MODEL), directory.resolve(BundleFormat.MODEL));
    Files.writeString(
        directory.resolve("unet/config.json"),
        "{\"_class_name\": \"UNet2DModel\", \"in_channels\": 1, \"sample_size\": 4}");
    Files.writeString(directory.resolve("scheduler/scheduler_config.json"), scheduler);
    return directory;
  }

  private static void withoutMetadata(Path model) throws IOException {
    Files.write(
        model,
        OnnxMl.ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder()
            .clearMetadataProps()
            .build()
            .toByteArray());
  }

  @Test
  void anothersDirectory_isToldAsItWasUnderstood_withWhatItsClassAdds(@TempDir Path directory)
      throws IOException {
    foreign(
        directory,
        "{\"_class_name\": \"DDIMScheduler\", \"clip_sample_range\": 2.0, \"steps_offset\": 1,"
            + " \"skip_prk_steps\": true}");
    withoutMetadata(directory.resolve(BundleFormat.MODEL));
    assertSays(
        inspect(directory),
        "scheduler class: DDIMScheduler",
        "says: steps_offset 1, clip_sample_range 2.0",
        "defaults of the class: num_train_timesteps 1000, ",
        "timestep_spacing leading",
        "without effect there: skip_prk_steps true",
        "sampling leading spacing and 1, variance fixed_small, clipped to 2.0 times the data's range; best with ddim, rederive_epsilon false, by_stride true, final_level clean");
  }

  @Test
  void whatServeRefuses_isRefused(@TempDir Path directory) throws IOException {
    foreign(directory, "{\"_class_name\": \"DDIMScheduler\", \"steps_offset\": 999}");
    withoutMetadata(directory.resolve(BundleFormat.MODEL));
    assertEquals(1, ExporterMain.run("inspect", directory.toString()));
    Files.writeString(
        directory.resolve("scheduler/scheduler_config.json"),
        "{\"_class_name\": \"PNDMScheduler\"}");
    assertEquals(1, ExporterMain.run("inspect", directory.toString()));
  }

  @Test
  void noTextOfAModelBreaksALineOrReachesTheTerminal() throws IOException {
    OnnxMl.ModelProto.Builder model =
        OnnxMl.ModelProto.parseFrom(Files.readAllBytes(bundle.resolve(BundleFormat.MODEL)))
            .toBuilder()
            .setProducerName("x\u001b[2J")
            .clearMetadataProps();
    model.getGraphBuilder().getInputBuilder(0).setName("sample\nREADY grpc=evil");
    model.getGraphBuilder().addNodeBuilder().setOpType("Evil\u2028READY\r");
    Path hostile = bundle.resolveSibling("hostile.onnx");
    Files.write(hostile, model.build().toByteArray());

    String text = inspect(hostile);

    assertSays(text, "x\\u001b[2J", "sample\\nREADY grpc=evil", "Evil\\u2028READY\\r 1");
    assertTrue(text.lines().noneMatch(line -> line.startsWith("READY")), text);
    assertTrue(text.chars().noneMatch(c -> c != '\n' && Character.isISOControl(c)), text);
  }

  @Test
  void whatIsNoModel_isOneLineAndExitCodeOne() throws IOException {
    Path text = Files.writeString(bundle.resolveSibling("notes.txt"), "not a model");

    assertEquals(1, ExporterMain.run("inspect", text.toString()));
    assertEquals(1, ExporterMain.run("inspect", bundle.resolveSibling("absent").toString()));
    assertEquals(2, ExporterMain.run("inspect"));
  }
}
