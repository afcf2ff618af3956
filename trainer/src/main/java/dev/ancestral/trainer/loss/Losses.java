package dev.ancestral.trainer.loss;

import dev.ancestral.diffusion.Names;
import dev.ancestral.trainer.config.SettingGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The registry of losses: a new family is one file and one line here. */
public final class Losses {
  private static final List<LossFamily> ALL =
      List.of(
          new SquaredError(),
          new AbsoluteError(),
          new Huber(),
          new VariationalBoundLoss(),
          new HybridLoss(),
          new SohlDicksteinLoss(),
          new DenoisingScoreLoss(),
          new SlicedScoreLoss(),
          new TraceScoreLoss());

  private Losses() {}

  /** The settings of each loss, by its name. */
  public static Map<String, SettingGroup> settings() {
    Map<String, SettingGroup> settings = new LinkedHashMap<>();
    ALL.forEach(family -> settings.put(family.name(), family.settings()));
    return settings;
  }

  /** The known names. */
  public static List<String> names() {
    return ALL.stream().map(LossFamily::name).toList();
  }

  /**
   * Makes the loss of this name.
   *
   * @param settings the family's own settings; what is absent has its default
   * @throws IllegalArgumentException for an unknown name (listing the known ones) or setting, or a
   *     task that the loss does not fit
   */
  public static Loss create(String name, Map<String, Object> settings, LossTask task) {
    LossFamily family =
        ALL.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(() -> Names.unknown("loss.type", name, names()));
    if (task.variance().isLearned() && !family.learnsVariance()) {
      throw new IllegalArgumentException(
          "loss.type: %s with sampling.variance %s (expected: %s, which train a variance)"
              .formatted(
                  name,
                  task.variance().label(),
                  ALL.stream()
                      .filter(LossFamily::learnsVariance)
                      .map(LossFamily::name)
                      .collect(Collectors.joining(", "))));
    }
    return family.create(settings, task);
  }
}
