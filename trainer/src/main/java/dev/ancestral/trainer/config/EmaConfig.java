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
  /** Checks the bounds. */
  public EmaConfig {
    Check.that(maxDecay >= 0 && maxDecay < 1, "ema.max_decay", maxDecay, "0 up to 1");
    Check.that(inverseGamma > 0, "ema.inverse_gamma", inverseGamma, "above 0");
    Check.that(power > 0, "ema.power", power, "above 0");
    Check.atLeast("ema.after", after, 0);
  }

  static EmaConfig of(Section section) {
    EmaConfig config =
        new EmaConfig(
            section.number("max_decay", 0.995),
            section.number("inverse_gamma", 1),
            section.number("power", 0.75),
            section.integer("after", 0));
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
    map.put("max_decay", maxDecay);
    map.put("inverse_gamma", inverseGamma);
    map.put("power", power);
    map.put("after", after);
    return map;
  }
}
