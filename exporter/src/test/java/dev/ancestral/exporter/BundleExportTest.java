package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.LambdaBlock;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.ParityFigure;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.bundle.signature.Declared;
import dev.ancestral.exporter.onnx.OnnxSummary;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.proof.ProofException;
import dev.ancestral.exporter.testing.TinyNetwork;
import dev.ancestral.exporter.trace.TraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleExportTest {
  private static final DataSpec PICTURE = new DataSpec(List.of(1L, 4L, 4L), -1, 1, 17);
  private static final DataSpec POINTS = new DataSpec(List.of(2L), -1, 1, 0);
  private static final Conditioning CLASSES = new Conditioning(3, List.of("a", "b", "c"), 3);
  private static final Map<String, Object> CONFIG = Map.of("_class_name", "Tiny");

  private Path directory;
  private NDManager manager;

  @BeforeEach
  void open(@TempDir Path temporary) {
    directory = temporary;
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private BundleExport.Report export(Path target, DataSpec data, @Nullable Conditioning classes)
      throws IOException {
    TinyNetwork network = new TinyNetwork(manager, data, classes, 1);
    return BundleExport.write(
        target, network.bundle(), network, manager, CONFIG, ExportFormat.DEFAULT);
  }

  @Test
  void bundleHasModelMetadataProofAndPreview() throws IOException {
    Path target = directory.resolve("tiny");
    BundleExport.Report report = export(target, PICTURE, CLASSES);

    Bundle bundle = BundleFormat.read(target);
    assertEquals(report.figures(), bundle.parity());
    assertEquals(10, bundle.parity().size(), "3 batch sizes × 3 timesteps and a chain");
    for (ParityFigure figure : bundle.parity()) {
      assertTrue(figure.maxAbsDifference() <= figure.tolerance(), figure::toString);
    }
    OnnxSummary model = OnnxSummary.of(target.resolve(BundleFormat.MODEL));
    assertEquals(
        List.of(
            "sample float32 [batch, 1, 4, 4]",
            "timestep float32 [batch]",
            "class_labels int64 [batch]"),
        model.inputs().stream().map(Declared::toString).toList());
    assertEquals("out_sample float32 [batch, 1, 4, 4]", model.outputs().get(0).toString());
    assertEquals(Opset.DEFAULT.version(), model.opset());
    assertEquals(
        Optional.empty(), bundle.disagreementWith(BundleFormat.fromMetadata(model.metadata())));
    assertTrue(Files.size(target.resolve("preview.png")) > 0);
  }

  @Test
  void thePreviewIsGuidedAsTheBundleRecommends() throws IOException {
    Path plain = directory.resolve("plain");
    Path guided = directory.resolve("guided");
    export(plain, PICTURE, CLASSES);
    TinyNetwork network = new TinyNetwork(manager, PICTURE, CLASSES, 1);
    Bundle bundle = network.bundle();
    BundleExport.write(
        guided,
        new Bundle(
            bundle.scheduler(),
            bundle.data(),
            bundle.continuousTimesteps(),
            bundle.conditioning(),
            new Recommended(null, null, Map.of(), 3, 0),
            bundle.provenance(),
            bundle.parity()),
        network,
        manager,
        CONFIG,
        ExportFormat.DEFAULT);

    Path preview = Path.of("preview.png");
    assertTrue(Files.mismatch(plain.resolve(preview), guided.resolve(preview)) >= 0);
  }

  @Test
  void pointsBecomeAScatter() throws IOException {
    Path target = directory.resolve("points");
    export(target, POINTS, null);

    OnnxSummary model = OnnxSummary.of(target.resolve(BundleFormat.MODEL));
    assertEquals(
        List.of("sample float32 [batch, 2]", "timestep float32 [batch]"),
        model.inputs().stream().map(Declared::toString).toList());
    assertEquals(480, ImageIO.read(target.resolve("preview.png").toFile()).getWidth());
  }

  @Test
  void sameNetworkGivesTheSameModelBytes() throws IOException {
    export(directory.resolve("one"), PICTURE, CLASSES);
    export(directory.resolve("two"), PICTURE, CLASSES);

    assertArrayEquals(
        Files.readAllBytes(directory.resolve("one").resolve(BundleFormat.MODEL)),
        Files.readAllBytes(directory.resolve("two").resolve(BundleFormat.MODEL)));
  }

  @Test
  void aWeightThatHalfPrecisionCannotHoldIsNamed_andNothingIsWritten() throws IOException {
    TinyNetwork network = new TinyNetwork(manager, PICTURE, CLASSES, 1);
    NDArray weight = network.getParameters().get("02out_weight").getArray();
    weight.set(new NDIndex(0), 70000);

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                BundleExport.write(
                    directory.resolve("half"),
                    network.bundle(),
                    network,
                    manager,
                    CONFIG,
                    new ExportFormat(Opset.DEFAULT, Precision.FP16)));

    assertEquals(
        "02out.weight: 70000.0 (expected: at most 65504 in magnitude, for half precision)",
        e.getMessage());
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void failedExportLeavesTheOldBundleInPlace_andNothingElse() throws IOException {
    Path target = directory.resolve("tiny");
    export(target, PICTURE, null);
    byte[] before = Files.readAllBytes(target.resolve("bundle.json"));
    TinyNetwork network = new TinyNetwork(manager, PICTURE, null, 2);

    LambdaBlock unmapped = new LambdaBlock(in -> new NDList(in.get(0).cumProd(1)));
    assertThrows(
        TraceException.class,
        () ->
            BundleExport.write(
                target, network.bundle(), unmapped, manager, CONFIG, ExportFormat.DEFAULT));
    LambdaBlock zeros = new LambdaBlock(in -> new NDList(in.get(0).mul(0)));
    ProofException silent =
        assertThrows(
            ProofException.class,
            () ->
                BundleExport.write(
                    target, network.bundle(), zeros, manager, CONFIG, ExportFormat.DEFAULT));

    assertTrue(String.valueOf(silent.getMessage()).contains("proves nothing"));
    assertArrayEquals(before, Files.readAllBytes(target.resolve("bundle.json")));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(target), files.toList());
    }
  }
}
