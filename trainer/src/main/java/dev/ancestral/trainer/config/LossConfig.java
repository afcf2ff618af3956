package dev.ancestral.trainer.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What training minimises.
 *
 * @param type the family, such as {@code mse}
 * @param timesteps which ones a batch is trained on
 * @param offsetNoise standard deviation of the noise that all pixels of a channel share, added to
 *     their own
 * @param settings the family's own; it checks them when the loss is made
 */
public record LossConfig(
    String type, TimestepChoice timesteps, double offsetNoise, Map<String, Object> settings) {
  private static final Setting<String> TYPE =
      Setting.text("loss.type", "what training minimises; a type may have settings of its own")
          .or("mse");
  private static final Setting<TimestepChoice> TIMESTEPS =
      Setting.named(
              "loss.timesteps",
              "which timesteps a batch is trained on",
              TimestepChoice.labels(),
              TimestepChoice::of)
          .or(TimestepChoice.UNIFORM)
          .orAs(TimestepChoice.UNIFORM.label());
  private static final Setting<Double> OFFSET_NOISE =
      Setting.number(
              "loss.offset_noise",
              "standard deviation of the noise that all pixels of a channel share")
          .within(Bounds.atLeast(0.0))
          .or(0.0);

  /** What every loss has; a family adds its own. */
  public static final SettingGroup SETTINGS =
      SettingGroup.of("loss", TYPE, TIMESTEPS, OFFSET_NOISE);

  /** Checks the bounds and copies the settings. */
  public LossConfig {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    OFFSET_NOISE.check(offsetNoise);
  }

  static LossConfig of(Map<String, Object> values) {
    Section section = new Section(SETTINGS, values);
    Map<String, Object> settings = new LinkedHashMap<>(values);
    SETTINGS.settings().forEach(common -> settings.remove(common.name()));
    return new LossConfig(
        section.get(TYPE), section.get(TIMESTEPS), section.get(OFFSET_NOISE), settings);
  }

  /** This loss with every setting of its family spelled out. */
  public LossConfig withSettings(Map<String, Object> value) {
    return new LossConfig(type, timesteps, offsetNoise, value);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(TYPE.name(), type);
    map.putAll(settings);
    map.put(TIMESTEPS.name(), timesteps.label());
    map.put(OFFSET_NOISE.name(), offsetNoise);
    return map;
  }
}
