package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.ancestral.diffusion.likelihood.Bits;
import dev.ancestral.trainer.config.Bounds;
import dev.ancestral.trainer.config.LossConfig;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.config.Setting;
import dev.ancestral.trainer.config.SettingGroup;
import java.util.Map;

/**
 * {@code hybrid}: L_simple + λ·L_vlb (Nichol and Dhariwal 2021, eq. 16), where the bound, T times
 * its term in bits per dimension, teaches the variance alone: no gradient of it reaches the
 * prediction.
 */
final class HybridLoss implements LossFamily {
  private static final Setting<Double> VLB_WEIGHT =
      Setting.number("loss.vlb_weight", "λ of the bound beside the squared error")
          .within(Bounds.above(0))
          .or(0.001);
  private static final SettingGroup SETTINGS = LossConfig.SETTINGS.and(VLB_WEIGHT);

  @Override
  public String name() {
    return "hybrid";
  }

  @Override
  public SettingGroup settings() {
    return SETTINGS;
  }

  @Override
  public boolean learnsVariance() {
    return true;
  }

  @Override
  public Loss create(Map<String, Object> settings, LossTask task) {
    task.requireLearnedVariance(name());
    Section section = new Section(SETTINGS, settings);
    double weight = section.get(VLB_WEIGHT);
    section.finish();
    BoundTerms terms = new BoundTerms(name(), task, Decoder.of(task.data()));
    return Loss.presumingWhiteNoise(
        Map.of(VLB_WEIGHT.name(), weight),
        (rows, network) -> {
          NDArray output = network.output(rows.array(rows.noisy()));
          Heads heads = Heads.of(rows, task, output);
          NDArray simple = rows.mean(heads.prediction().sub(rows.array(rows.target())).square());
          NDArray nats = terms.nats(rows, heads.withDetachedPrediction());
          return nats.mul(rows.factor(weight * task.timesteps() / Bits.NATS)).add(simple);
        });
  }
}
