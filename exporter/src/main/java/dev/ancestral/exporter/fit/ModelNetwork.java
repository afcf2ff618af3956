package dev.ancestral.exporter.fit;

import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.proof.Difference;
import dev.ancestral.exporter.proof.Model;
import dev.ancestral.exporter.proof.NetworkInputs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A {@link Model} that is called with as many rows at once as pay, and no more. */
final class ModelNetwork implements Network {
  /** Rows of a call: beyond this, a CPU gains nothing. */
  static final int ROWS = 32;

  private final Model model;
  private final NetworkInputs inputs;
  private final FitProgress progress;

  /** The progress is told of every row. */
  ModelNetwork(Model model, NetworkInputs inputs, FitProgress progress) {
    this.model = model;
    this.inputs = inputs;
    this.progress = progress;
  }

  @Override
  public float[][] predict(float[][] x, double timestep, long[] labels, double weight) {
    Guidance guidance = weight == 1 ? null : new Guidance(weight, 0, nullLabel());
    float[][] all = new float[x.length][];
    int together = guidance == null ? ROWS : ROWS / 2;
    for (int from = 0; from < x.length; from += together) {
      int to = Math.min(x.length, from + together);
      predict(
          Arrays.copyOfRange(x, from, to),
          timestep,
          Arrays.copyOfRange(labels, from, to),
          guidance,
          all,
          from);
    }
    return all;
  }

  private int nullLabel() {
    if (inputs.conditioning() == null || inputs.conditioning().nullLabel() == null) {
      throw new IllegalStateException("guidance: of a network without a null label");
    }
    return inputs.conditioning().nullLabel();
  }

  /** One call; guided, the samples come a second time, with the null label. */
  private void predict(
      float[][] x,
      double timestep,
      long[] labels,
      @Nullable Guidance guidance,
      float[][] all,
      int from) {
    int samples = x.length;
    float[][] rows = x;
    long[] rowLabels = labels;
    if (guidance != null) {
      rows = Arrays.copyOf(x, 2 * samples);
      System.arraycopy(x, 0, rows, samples, samples);
      rowLabels = Arrays.copyOf(labels, 2 * samples);
      Arrays.fill(rowLabels, samples, 2 * samples, guidance.nullLabel());
    }
    Tensor prediction = model.run(inputs.batch(rows, timestep, rowLabels)).get(0);
    float[] m = Difference.floats(prediction);
    // A network that learned its variances answers them after its prediction, row by row.
    int width = m.length / rows.length;
    int elements = inputs.data().elements();
    for (int row = 0; row < samples; row++) {
      if (guidance != null) {
        guidance.apply(m, row * width, (samples + row) * width, elements);
      }
      all[from + row] = Arrays.copyOfRange(m, row * width, row * width + elements);
      requireFinite(all[from + row], timestep);
    }
    progress.did(rows.length);
  }

  private static void requireFinite(float[] prediction, double timestep) {
    for (float value : prediction) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "network: answers %s at timestep %s (expected: finite numbers)"
                .formatted(value, timestep));
      }
    }
  }
}
