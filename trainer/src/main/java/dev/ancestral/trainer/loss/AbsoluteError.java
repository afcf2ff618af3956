package dev.ancestral.trainer.loss;

import dev.ancestral.trainer.config.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code l1}: the absolute difference, whose minimum is the median. */
final class AbsoluteError implements LossFamily {
  @Override
  public String name() {
    return "l1";
  }

  @Override
  public Loss create(Map<String, Object> settings, LossTask task) {
    return Regression.create(
        new Section("loss", settings),
        task,
        List.of(Weighting.NONE, Weighting.MIN_SNR),
        new LinkedHashMap<>(),
        (rows, difference) -> difference.abs());
  }
}
