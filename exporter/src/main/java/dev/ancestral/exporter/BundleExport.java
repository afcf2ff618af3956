package dev.ancestral.exporter;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFiles;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.ParityFigure;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.OnnxFile;
import dev.ancestral.exporter.proof.DjlModel;
import dev.ancestral.exporter.proof.NetworkInputs;
import dev.ancestral.exporter.proof.OrtModel;
import dev.ancestral.trainer.run.DiffusersWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a bundle: the network as ONNX, proven equal to the trained one, and what describes it. */
public final class BundleExport {
  /** The one network that diffusers has, too, under the same names of its tensors. */
  private static final String DIFFUSERS_UNET = "UNet2DModel";

  private BundleExport() {}

  /**
   * What was proven and written.
   *
   * @param nodes operations in the graph
   * @param bytes size of the ONNX file
   * @param figures the proof, a figure a case
   */
  public record Report(int nodes, long bytes, List<ParityFigure> figures) {}

  /**
   * Exports, proves, and only then writes.
   *
   * @param target the bundle's directory; an old bundle there stays in place until the new one is
   *     whole
   * @param bundle what to say of the network; its proof is replaced
   * @param block the trained network: inputs as {@link NetworkInputs}, one output of the sample's
   *     shape
   * @param manager of the engine that the network lives in
   * @param config for {@code unet/config.json}
   * @param format operators and precision
   * @throws IllegalArgumentException if the network cannot be traced, has a weight that the
   *     precision cannot hold, or its export differs; nothing is written then
   */
  public static Report write(
      Path target,
      Bundle bundle,
      Block block,
      NDManager manager,
      Map<String, ?> config,
      ExportFormat format)
      throws IOException {
    NetworkInputs inputs = new NetworkInputs(bundle.data(), bundle.conditioning());
    Graph traced =
        BlockExporter.export(
            String.valueOf(config.get("_class_name")),
            block,
            inputs.ports(),
            List.of(NetworkInputs.OUTPUT),
            manager,
            format.opset());
    Graph graph = format.precision().convert(traced);
    Bundle told = withPrecision(bundle, format.precision());
    byte[] file = OnnxFile.write(graph, format.opset(), BundleFormat.metadata(told));
    try (DjlModel trained = new DjlModel(block, manager);
        OrtModel exported = new OrtModel(file)) {
      List<ParityFigure> figures =
          new PrecisionProof(told, format.opset(), traced)
              .prove(format.precision(), trained, graph, exported);
      Preview preview = new Preview(told, inputs);
      BundleFormat.publish(
          target,
          told.withParity(figures),
          new BundleFiles(
              out -> out.write(file),
              config,
              DIFFUSERS_UNET.equals(config.get("_class_name")) ? DiffusersWeights.of(block) : null,
              preview.draw(exported)));
      return new Report(graph.nodes().size(), file.length, figures);
    }
  }

  private static Bundle withPrecision(Bundle bundle, Precision precision) {
    Map<String, String> words = new LinkedHashMap<>(bundle.provenance());
    words.put("precision", precision.label());
    return bundle.withProvenance(words);
  }
}
