package dev.ancestral.trainer.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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
  private static final String TYPE = "type";
  private static final String TIMESTEPS = "timesteps";
  private static final String OFFSET_NOISE = "offset_noise";

  /** Checks the bounds and copies the settings. */
  public LossConfig {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    Check.that(offsetNoise >= 0, "loss.offset_noise", offsetNoise, "at least 0");
  }

  static LossConfig of(Map<String, Object> values) {
    Section section = new Section("loss", values);
    Map<String, Object> settings = new LinkedHashMap<>(values);
    settings.keySet().removeAll(List.of(TYPE, TIMESTEPS, OFFSET_NOISE));
    return new LossConfig(
        section.text(TYPE, "mse"),
        TimestepChoice.of(section.text(TIMESTEPS, TimestepChoice.UNIFORM.label())),
        section.number(OFFSET_NOISE, 0),
        settings);
  }

  /** This loss with every setting of its family spelled out. */
  public LossConfig withSettings(Map<String, Object> value) {
    return new LossConfig(type, timesteps, offsetNoise, value);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(TYPE, type);
    map.putAll(settings);
    map.put(TIMESTEPS, timesteps.label());
    map.put(OFFSET_NOISE, offsetNoise);
    return map;
  }
}
