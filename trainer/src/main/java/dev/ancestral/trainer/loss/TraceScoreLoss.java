package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * {@code trace_score}: σ²·(tr ∇s(x) + ½‖s(x)‖²) (Hyvärinen 2005, eq. 4), on data with the noise of
 * their timestep. The trace is exact: one tangent for each number of a sample, differentiated by
 * one backward pass.
 */
final class TraceScoreLoss implements LossFamily {
  /** Each number of a sample costs a pass. */
  private static final int MOST_NUMBERS = 16;

  @Override
  public String name() {
    return "trace_score";
  }

  @Override
  public Loss create(Map<String, Object> settings, LossTask task) {
    ScoreMatching.check(name(), settings, task);
    int numbers = task.data().elements();
    if (numbers > MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "loss.type: %s with samples of %d numbers (expected: at most %d, since each costs a pass; sliced_score costs one for all)"
              .formatted(name(), numbers, MOST_NUMBERS));
    }
    Table weights = ScoreMatching.weights(name(), task);
    return Loss.ofTangents(
        (rows, network) -> {
          NDArray noisy = rows.array(rows.noisy());
          NetworkPass.Tangent first = along(rows, network, noisy, 0);
          NDArray trace = component(rows, first.tangent(), 0);
          for (int k = 1; k < numbers; k++) {
            trace = trace.add(component(rows, along(rows, network, noisy, k).tangent(), k));
          }
          NDArray square = rows.sum(first.output().square()).mul(rows.factor(0.5));
          return ScoreMatching.weighted(rows, weights, square.add(trace));
        });
  }

  /** The score and its derivative by number k. */
  private static NetworkPass.Tangent along(
      TrainingRows rows, NetworkPass network, NDArray noisy, int k) {
    float[] unit = new float[rows.x0().length];
    int numbers = unit.length / rows.count();
    for (int i = k; i < unit.length; i += numbers) {
      unit[i] = 1;
    }
    return network.tangent(noisy, rows.array(unit));
  }

  /** Number k of each row, f32 [rows]. */
  private static NDArray component(TrainingRows rows, NDArray numbers, int k) {
    return numbers.reshape(rows.count(), -1).get(":, {}", k);
  }
}
