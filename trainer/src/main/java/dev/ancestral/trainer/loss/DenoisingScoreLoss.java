package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * {@code denoising_score}: σ²·½‖s(x + σε) + ε/σ‖² (Vincent 2011, eq. 6; Song and Ermon 2019, eq.
 * 5), computed as ½‖σ·s + ε‖², since ε/σ is large where σ is small.
 */
final class DenoisingScoreLoss implements LossFamily {
  @Override
  public String name() {
    return "denoising_score";
  }

  @Override
  public Loss create(Map<String, Object> settings, LossTask task) {
    ScoreMatching.check(name(), settings, task);
    Table sigmas = Table.of("loss.type " + name(), task.timesteps(), task.schedule()::sigma);
    return Loss.presumingWhiteNoise(
        Map.of(),
        (rows, network) -> {
          NDArray score = network.output(rows.array(rows.noisy()));
          NDArray error = score.mul(rows.column(sigmas)).add(rows.array(rows.noise()));
          return rows.sum(error.square()).mul(rows.factor(0.5));
        });
  }
}
