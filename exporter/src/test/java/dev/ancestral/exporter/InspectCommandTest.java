package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.onnx.proto.OnnxMl;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTable.Factors;
import dev.ancestral.diffusion.sampler.FittedTable.Weighted;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.exporter.onnx.ElementType;
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
    BundleFormat.addFitted(bundle, fitted());
  }

  private static FittedTables fitted() {
    List<Factors> steps = List.of(new Factors(0.9, 0.5, 0), new Factors(0.1, 1.3, -0.4));
    FittedProof proven =
        new FittedProof(
            0.0581,
            0.157,
            0.145,
            new FittedProof.Comparison(
                "the run's data", 500, 1.01, 1.04, 0.991, 0.8, 0.812, 0.7, 0.6));
    FittedProof measured = new FittedProof(0.2, 0.3, 0.4, null);
    return new FittedTables(
        "ddim:100",
        ClipRange.UNIT,
        List.of(
            new FittedTable(
                List.of(19.0, 7.25),
                List.of(new Weighted(1, steps, proven), new Weighted(2.5, steps, measured)))),
        Map.of("chains", "64\nREADY"));
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
  void fittedChainsAreToldWithTheirProofs() {
    assertSays(
        inspect(bundle),
        "fitted to ddim with 100 steps, clipping -1.0..1.0, chains 64\\nREADY",
        " 2 calls, table %s, timesteps 19 7.25".formatted(fitted().tables().get(0).id()),
        " guidance 1: distance 0.0581 (ddim 0.1570, dpmpp-2m 0.1450); proven: Frechet ratio 1.010, at most"
            + " 1.040, high frequencies 0.991, labels found 0.800 (teacher 0.812), precision 0.700, recall"
            + " 0.600, of 500 samples beside the run's data",
        " guidance 2.5: distance 0.2000 (ddim 0.3000, dpmpp-2m 0.4000); not compared");
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
        "{\"_class_name\": \"UNet2DModel\", \"in_channels\": 1, \"sample_size\": 4,"
            + " \"num_class_embeds\": 3}");
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

  private static final String DDIM = "{\"_class_name\": \"DDIMScheduler\"}";

  /** A directory of diffusers around the network, with a scalar timestep of that type. */
  private static Path withTimestep(Path directory, ElementType type) throws IOException {
    foreign(directory, DDIM);
    Path file = directory.resolve(BundleFormat.MODEL);
    OnnxMl.ModelProto.Builder model =
        OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    OnnxMl.GraphProto.Builder graph = model.clearMetadataProps().getGraphBuilder();
    graph
        .getInputBuilder(1)
        .setName("t")
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(type.code())
        .clearShape()
        .getShapeBuilder();
    Files.write(file, model.build().toByteArray());
    return directory;
  }

  @Test
  void whatServeWouldAdapt_isTold(@TempDir Path directory) throws IOException {
    assertSays(
        inspect(withTimestep(directory, ElementType.INT64)),
        "input t int64 []",
        "adapted input t is taken for timestep",
        "takes whole timesteps, int64 []",
        "takes one timestep a call, so rows do not share calls",
        "timestep whole numbers");
  }

  private static void assertRefused(Path path, String message) {
    CommandRun run = CommandRun.of("inspect", path.toString());
    assertEquals(1, run.code());
    assertTrue(run.err().contains(message), run::err);
  }

  @Test
  void inputsThatServeRefuses_areRefused(@TempDir Path directory) throws IOException {
    assertRefused(
        withTimestep(directory, ElementType.DOUBLE),
        "unet/model.onnx: inputs: sample float32 [batch, 1, 4, 4]; t float64 []; class_labels int64 [batch] (expected: the state float32 [batch, 1, 4, 4]; the timestep float32 or int64 [batch], [1] or []; the labels int64 [batch])");
  }

  @Test
  void aConfigurationThatIsNoText_isNamed(@TempDir Path directory) throws IOException {
    foreign(directory, DDIM);
    Files.write(directory.resolve("unet/config.json"), new byte[] {'{', (byte) 0xff, '}'});
    assertRefused(directory, "unet/config.json: is not UTF-8 text (expected: JSON)");
  }

  @Test
  void weightsOutsideTheirDirectory_areRefused(@TempDir Path directory) throws IOException {
    withTimestep(directory, ElementType.INT64);
    Path file = directory.resolve(BundleFormat.MODEL);
    Files.write(directory.resolve("weights.bin"), new byte[1 << 16]);
    OnnxMl.ModelProto inside = OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file));
    for (var entry :
        Map.of(
                "../weights.bin",
                "leaves the file's directory",
                directory.resolve("weights.bin").toString(),
                "leaves the file's directory",
                "link.bin",
                "is a link that leaves the file's directory",
                "absent.bin",
                "is missing")
            .entrySet()) {
      OnnxMl.ModelProto.Builder model = inside.toBuilder();
      model
          .getGraphBuilder()
          .addInitializerBuilder()
          .setName("w")
          .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
          .addExternalDataBuilder()
          .setKey("location")
          .setValue(entry.getKey());
      Files.write(file, model.build().toByteArray());
      Files.deleteIfExists(file.resolveSibling("link.bin"));
      Files.createSymbolicLink(file.resolveSibling("link.bin"), directory.resolve("weights.bin"));
      assertRefused(
          directory,
          "weights w in %s: %s (expected: a file in its directory)"
              .formatted(entry.getKey(), entry.getValue()));
    }
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
