package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.config.Bounds;
import dev.ancestral.trainer.config.LossConfig;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.config.Setting;
import dev.ancestral.trainer.config.SettingGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code huber}: ½d² up to |d| = δ, and δ(|d| - ½δ) beyond (Huber 1964): squared where the network
 * is nearly right, absolute for outliers.
 */
final class Huber implements LossFamily {
  private static final Setting<Double> DELTA =
      Setting.number("loss.delta", "δ, where the loss turns from squared to absolute")
          .within(Bounds.above(0))
          .or(1.0);
  private static final SettingGroup SETTINGS =
      LossConfig.SETTINGS.and(DELTA).and(Weighting.SETTINGS);

  @Override
  public String name() {
    return "huber";
  }

  @Override
  public SettingGroup settings() {
    return SETTINGS;
  }

  @Override
  public Loss create(Map<String, Object> settings, LossTask task) {
    Section section = new Section(SETTINGS, settings);
    double delta = section.get(DELTA);
    Map<String, Object> spelledOut = new LinkedHashMap<>();
    spelledOut.put(DELTA.name(), delta);
    return Regression.create(
        section,
        task,
        List.of(Weighting.NONE, Weighting.MIN_SNR),
        spelledOut,
        (rows, difference) -> {
          // Both branches at once: with c = min(|d|, δ) it is c·(|d| - ½c).
          NDArray distance = difference.abs();
          NDArray inner = distance.clip(0, delta);
          return inner.mul(distance.sub(inner.mul(rows.factor(0.5))));
        });
  }
}
