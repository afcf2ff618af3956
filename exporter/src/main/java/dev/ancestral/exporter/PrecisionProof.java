package dev.ancestral.exporter;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.ParityFigure;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.OnnxFile;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.proof.EqualityProof;
import dev.ancestral.exporter.proof.Model;
import dev.ancestral.exporter.proof.OrtModel;
import dev.ancestral.exporter.proof.ProofException;
import dev.ancestral.exporter.proof.Tolerance;
import dev.ancestral.exporter.proof.WeightRounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What has to be shown of a network in one precision. Half precision is shown in three parts, since
 * its roundings would hide a mistake that is as small: the graph is right in float32, to float32's
 * tolerance; each weight is that of the graph, rounded; and the network of both predicts the same,
 * to half precision's tolerance.
 *
 * @param bundle describes the network
 * @param opset it is written for
 * @param traced the network in float32
 */
record PrecisionProof(Bundle bundle, Opset opset, Graph traced) {

  /**
   * Runs every case.
   *
   * @param trained the network that was trained
   * @param graph what is exported
   * @param exported the same, as it is written
   * @throws ProofException at the first case above its tolerance
   */
  List<ParityFigure> prove(Precision precision, Model trained, Graph graph, Model exported) {
    return switch (precision) {
      case FP32 -> new EqualityProof(bundle, Tolerance.SINGLE).prove(trained, exported);
      case FP16 -> {
        List<ParityFigure> figures = new ArrayList<>();
        try (OrtModel single = new OrtModel(OnnxFile.write(traced, opset, Map.of()))) {
          for (ParityFigure figure :
              new EqualityProof(bundle, Tolerance.SINGLE).prove(trained, single)) {
            figures.add(
                new ParityFigure(
                    "before rounding, " + figure.name(),
                    figure.maxAbsDifference(),
                    figure.tolerance()));
          }
        }
        figures.add(WeightRounding.compare(traced, graph));
        figures.addAll(new EqualityProof(bundle, Tolerance.HALF).prove(trained, exported));
        yield figures;
      }
    };
  }
}
