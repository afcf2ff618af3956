package dev.ancestral.trainer.loss;

import dev.ancestral.diffusion.Names;
import dev.ancestral.trainer.config.Bounds;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.config.Setting;
import java.util.List;
import java.util.Map;

/** How much a squared error counts at each timestep. */
enum Weighting {
  /** The same everywhere: L_simple (Ho et al. 2020, eq. 14). */
  NONE("none") {
    @Override
    Table table(LossTask task, double gamma) {
      return Table.of(KEY, task.timesteps(), t -> 1);
    }
  },

  /**
   * min(SNR, γ) on the error of x0 (Hang et al. 2023, eq. 7), as a weight of the prediction's own
   * error: min(SNR, γ)/SNR for ε, min(SNR, γ)/(SNR + 1) for v.
   */
  MIN_SNR("min_snr") {
    @Override
    Table table(LossTask task, double gamma) {
      return Table.of(
          KEY + " min_snr",
          task.timesteps(),
          t -> Math.min(task.schedule().snr(t), gamma) * square(task.x0FromOutput(t)));
    }
  },

  /**
   * What the error contributes to L_{t-1} (Ho et al. 2020, eq. 12), in nats per number: β²/(2σ²α(1
   * - ᾱ)) for ε.
   */
  BOUND("bound") {
    @Override
    Table table(LossTask task, double gamma) {
      return Table.of(
          KEY + " bound",
          task.timesteps(),
          t ->
              task.bound().weightOfX0(t, Math.exp(task.kernel(t).logVariance()))
                  * square(task.x0FromOutput(t)));
    }
  };

  private static final String KEY = "loss.weighting";
  private static final Setting<String> WEIGHTING =
      Setting.text(
              KEY, "how much an error counts at each timestep: none, min_snr, or for mse bound")
          .or(NONE.label);
  private static final Setting<Double> GAMMA =
      Setting.number("loss.gamma", "γ of loss.weighting min_snr").within(Bounds.above(0)).or(5.0);

  /** What a weighted loss has besides its own. */
  static final Setting<?>[] SETTINGS = {WEIGHTING, GAMMA};

  private final String label;

  Weighting(String label) {
    this.label = label;
  }

  abstract Table table(LossTask task, double gamma);

  private static double square(double x) {
    return x * x;
  }

  /**
   * Reads {@code weighting} and, where it has one, its {@code gamma}.
   *
   * @param offered those that make sense for the loss
   * @param spelledOut receives what was read
   */
  static Table read(
      Section section, LossTask task, List<Weighting> offered, Map<String, Object> spelledOut) {
    String label = section.get(WEIGHTING);
    Weighting weighting =
        offered.stream()
            .filter(one -> one.label.equals(label))
            .findFirst()
            .orElseThrow(
                () -> Names.unknown(KEY, label, offered.stream().map(one -> one.label).toList()));
    spelledOut.put(WEIGHTING.name(), label);
    double gamma = 0;
    if (weighting == MIN_SNR) {
      gamma = section.get(GAMMA);
      spelledOut.put(GAMMA.name(), gamma);
    }
    return weighting.table(task, gamma);
  }
}
