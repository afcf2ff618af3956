package dev.ancestral.exporter.proof;

import dev.ancestral.bundle.ParityFigure;
import dev.ancestral.exporter.onnx.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that answers what one model predicts, after checking that another predicts the same. Owns
 * neither.
 */
final class ComparedModel implements Model {
  private final String name;
  private final Model expected;
  private final Model actual;
  private final Tolerance tolerance;
  private @Nullable ParityFigure worst;

  ComparedModel(String name, Model expected, Model actual, Tolerance tolerance) {
    this.name = name;
    this.expected = expected;
    this.actual = actual;
    this.tolerance = tolerance;
  }

  /**
   * Runs both.
   *
   * @throws ProofException if they differ
   */
  @Override
  public List<Tensor> run(List<Tensor> inputs) {
    List<Tensor> answer = expected.run(inputs);
    ParityFigure figure =
        Difference.between(name, answer.get(0), actual.run(inputs).get(0), tolerance);
    if (worst == null || share(figure) > share(worst)) {
      worst = figure;
    }
    return answer;
  }

  private static double share(ParityFigure figure) {
    return figure.maxAbsDifference() / figure.tolerance();
  }

  /** The comparison that came nearest to its tolerance; there has been one. */
  ParityFigure worst() {
    if (worst == null) {
      throw new IllegalStateException("nothing was compared");
    }
    return worst;
  }

  @Override
  public void close() {}
}
