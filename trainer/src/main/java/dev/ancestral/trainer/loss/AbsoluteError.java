package dev.ancestral.trainer.loss;

import dev.ancestral.trainer.config.LossConfig;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.config.SettingGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code l1}: the absolute difference, whose minimum is the median. */
final class AbsoluteError implements LossFamily {
  private static final SettingGroup SETTINGS = LossConfig.SETTINGS.and(Weighting.SETTINGS);

  @Override
  public String name() {
    return "l1";
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
        List.of(Weighting.NONE, Weighting.MIN_SNR),
        new LinkedHashMap<>(),
        (rows, difference) -> difference.abs());
  }
}
