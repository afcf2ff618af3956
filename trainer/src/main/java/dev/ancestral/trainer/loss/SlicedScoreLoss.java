package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.ancestral.diffusion.noise.NoisePurpose;
import java.util.Map;

/**
 * {@code sliced_score}: σ²·(vᵀ∇(vᵀs(x)) + ½(vᵀs(x))²) in one standard normal direction v a row
 * (Song et al. 2019, eq. 7), on data with the noise of their timestep. Its mean over v is {@code
 * trace_score}.
 */
final class SlicedScoreLoss implements LossFamily {
  @Override
  public String name() {
    return "sliced_score";
  }

  @Override
  public Loss create(Map<String, Object> settings, LossTask task) {
    ScoreMatching.check(name(), settings, task);
    Table weights = ScoreMatching.weights(name(), task);
    return Loss.ofTangents(
        (rows, network) -> {
          NDArray direction = rows.array(rows.draw().apply(NoisePurpose.PROJECTION));
          NetworkPass.Tangent score = network.tangent(rows.array(rows.noisy()), direction);
          NDArray curvature = rows.sum(score.tangent().mul(direction));
          // The square of the sum, not the sum of squares.
          NDArray slope = rows.sum(score.output().mul(direction)).square();
          NDArray numbers = slope.mul(rows.factor(0.5)).add(curvature);
          return ScoreMatching.weighted(rows, weights, numbers);
        });
  }
}
