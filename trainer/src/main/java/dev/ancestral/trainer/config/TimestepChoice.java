package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which timesteps a batch is trained on. */
public enum TimestepChoice {
  /** Each row's own, all equally often. */
  UNIFORM,
  /** Every other row has T-1-t where the one before it has t. */
  ANTITHETIC,
  /**
   * More often where the loss is large, and counting less for it: p(t) ∝ √E[L_t²] (Nichol and
   * Dhariwal 2021, eq. 18).
   */
  SECOND_MOMENT;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(TimestepChoice::label).toList();
  }

  static TimestepChoice of(String label) {
    return Arrays.stream(values())
        .filter(choice -> choice.label().equals(label))
        .findFirst()
        .orElseThrow(() -> Names.unknown("timesteps", label, labels()));
  }
}
