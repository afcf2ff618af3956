package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.ancestral.diffusion.likelihood.Bits;
import dev.ancestral.trainer.config.Section;
import java.util.Map;

/**
 * {@code hybrid}: L_simple + λ·L_vlb (Nichol and Dhariwal 2021, eq. 16), where the bound, T times
 * its term in bits per dimension, teaches the variance alone: no gradient of it reaches the
 * prediction.
 */
final class HybridLoss implements LossFamily {
  private static final String VLB_WEIGHT = "vlb_weight";

  @Override
  public String name() {
    return "hybrid";
  }

  @Override
  public boolean learnsVariance() {
    return true;
  }

  @Override
  public Loss create(Map<String, Object> settings, LossTask task) {
    task.requireLearnedVariance(name());
    Section section = new Section("loss", settings);
    double weight = section.number(VLB_WEIGHT, 0.001);
    section.finish();
    if (!(weight > 0)) {
      throw new IllegalArgumentException(
          "loss.%s: %s (expected: above 0)".formatted(VLB_WEIGHT, weight));
    }
    BoundTerms terms = new BoundTerms(name(), task, Decoder.of(task.data()));
    return Loss.presumingWhiteNoise(
        Map.of(VLB_WEIGHT, weight),
        (rows, network) -> {
          NDArray output = network.output(rows.array(rows.noisy()));
          Heads heads = Heads.of(rows, task, output);
          NDArray simple = rows.mean(heads.prediction().sub(rows.array(rows.target())).square());
          NDArray nats = terms.nats(rows, heads.withDetachedPrediction());
          return nats.mul(rows.factor(weight * task.timesteps() / Bits.NATS)).add(simple);
        });
  }
}
