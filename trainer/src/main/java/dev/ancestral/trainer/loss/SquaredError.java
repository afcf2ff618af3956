package dev.ancestral.trainer.loss;

import dev.ancestral.trainer.config.LossConfig;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.config.SettingGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code mse}: the squared difference. Unweighted it is L_simple (Ho et al. 2020, eq. 14), weighted
 * by {@code bound} it is L_{t-1} (eq. 12).
 */
final class SquaredError implements LossFamily {
  private static final SettingGroup SETTINGS = LossConfig.SETTINGS.and(Weighting.SETTINGS);

  @Override
  public String name() {
    return "mse";
  }

  @Override
  public SettingGroup settings() {
    return SETTINGS;
  }

  @Override
  public Loss create(Map<String, Object> settings, LossTask task) {
    return Regression.create(
        new Section(SETTINGS, settings),
        task,
        List.of(Weighting.NONE, Weighting.MIN_SNR, Weighting.BOUND),
        new LinkedHashMap<>(),
        (rows, difference) -> difference.square());
  }
}
