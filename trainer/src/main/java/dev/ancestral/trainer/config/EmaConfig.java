package dev.ancestral.trainer.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The exponential moving average of the weights, with the warm-up of the diffusers library.
 *
 * @param maxDecay never exceeded
 * @param inverseGamma γ of the warm-up
 * @param power p of the warm-up
 * @param after iterations before averaging starts
 */
public record EmaConfig(double maxDecay, double inverseGamma, double power, int after) {
  private static final Setting<Double> MAX_DECAY =
      Setting.number("ema.max_decay", "decay of the averaged weights that is never exceeded")
          .within(Bounds.share())
          .or(0.995);
  private static final Setting<Double> INVERSE_GAMMA =
      Setting.number("ema.inverse_gamma", "γ of the average's warm-up")
          .within(Bounds.above(0))
          .or(1.0);
  private static final Setting<Double> POWER =
      Setting.number("ema.power", "p of the average's warm-up").within(Bounds.above(0)).or(0.75);
  private static final Setting<Integer> AFTER =
      Setting.integer("ema.after", "iterations before averaging starts")
          .within(Bounds.atLeast(0))
          .or(0);

  static final SettingGroup SETTINGS =
      SettingGroup.of("ema", MAX_DECAY, INVERSE_GAMMA, POWER, AFTER);

  /** Checks the bounds. */
  public EmaConfig {
    MAX_DECAY.check(maxDecay);
    INVERSE_GAMMA.check(inverseGamma);
    POWER.check(power);
    AFTER.check(after);
  }

  static EmaConfig of(Section section) {
    EmaConfig config =
        new EmaConfig(
            section.get(MAX_DECAY),
            section.get(INVERSE_GAMMA),
            section.get(POWER),
            section.get(AFTER));
    section.finish();
    return config;
  }

  /**
   * The decay of one update: min(max, 1 - (1 + n'/γ)^-p) with n' = max(0, n - after - 1).
   *
   * @param iteration n, from 1
   */
  public double decayAt(int iteration) {
    int n = Math.max(0, iteration - after - 1);
    return Math.min(maxDecay, 1 - Math.pow(1 + n / inverseGamma, -power));
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(MAX_DECAY.name(), maxDecay);
    map.put(INVERSE_GAMMA.name(), inverseGamma);
    map.put(POWER.name(), power);
    map.put(AFTER.name(), after);
    return map;
  }
}
