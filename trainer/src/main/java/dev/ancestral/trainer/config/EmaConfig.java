package dev.ancestral.trainer.config;

import dev.ancestral.trainer.average.PowerFunction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The moving averages of the weights: an exponential one, with the warm-up of the diffusers
 * library, and as many others as are asked for.
 *
 * @param maxDecay of the one that pictures are drawn with; never exceeded
 * @param inverseGamma γ of the warm-up
 * @param power p of the warm-up
 * @param after iterations before averaging starts
 * @param rates decays of further ones, with the same warm-up
 * @param sigmaRel relative widths of power-function averages (Karras et al. 2024), whose snapshots
 *     are kept
 * @param snapshotEvery iterations between two snapshots; null for as many as between checkpoints
 */
public record EmaConfig(
    double maxDecay,
    double inverseGamma,
    double power,
    int after,
    List<Double> rates,
    List<Double> sigmaRel,
    @Nullable Integer snapshotEvery) {
  /** The name of the average that every run has. */
  public static final String DEFAULT = "default";

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
  private static final Setting<List<Double>> RATES =
      Setting.numbers(
              "ema.rates",
              "decays of further averages, kept beside that of max_decay with the same warm-up; export and evaluate"
                  + " take one by --ema RATE")
          .within(
              new Bounds<>(
                  rates -> rates.stream().allMatch(rate -> rate >= 0 && rate < 1) && differ(rates),
                  "different ones, each 0 up to 1"))
          .or(List.of());
  private static final Setting<List<Double>> SIGMA_REL =
      Setting.numbers(
              "ema.sigma_rel",
              "relative widths of power-function averages (Karras et al. 2024, who keep 0.05 and 0.1); snapshots of them"
                  + " are kept in the run, from which export and evaluate reconstruct any width afterwards, by --ema"
                  + " power:WIDTH")
          .within(
              new Bounds<>(
                  widths ->
                      widths.stream().allMatch(width -> width > 0 && width <= PowerFunction.WIDEST)
                          && differ(widths),
                  "different ones, each above 0, at most " + PowerFunction.WIDEST))
          .or(List.of());
  private static final Setting<Integer> SNAPSHOT_EVERY =
      Setting.integer("ema.snapshot_every", "iterations between two snapshots of these averages")
          .within(Bounds.atLeast(1))
          .orNull("as many as between checkpoints")
          .changeable();

  static final SettingGroup SETTINGS =
      SettingGroup.of(
          "ema", MAX_DECAY, INVERSE_GAMMA, POWER, AFTER, RATES, SIGMA_REL, SNAPSHOT_EVERY);

  /** Checks the bounds. */
  public EmaConfig {
    rates = List.copyOf(rates);
    sigmaRel = List.copyOf(sigmaRel);
    MAX_DECAY.check(maxDecay);
    INVERSE_GAMMA.check(inverseGamma);
    POWER.check(power);
    AFTER.check(after);
    RATES.check(rates);
    SIGMA_REL.check(sigmaRel);
    SNAPSHOT_EVERY.checkUnlessNull(snapshotEvery);
    Check.that(!rates.contains(maxDecay), RATES.key(), rates, "others than ema.max_decay");
    Check.that(
        snapshotEvery == null || !sigmaRel.isEmpty(),
        SNAPSHOT_EVERY.key(),
        String.valueOf(snapshotEvery),
        "null, or averages in ema.sigma_rel to take snapshots of");
  }

  private static boolean differ(List<Double> numbers) {
    return new HashSet<>(numbers).size() == numbers.size();
  }

  static EmaConfig of(Section section) {
    EmaConfig config =
        new EmaConfig(
            section.get(MAX_DECAY),
            section.get(INVERSE_GAMMA),
            section.get(POWER),
            section.get(AFTER),
            section.get(RATES),
            section.get(SIGMA_REL),
            section.find(SNAPSHOT_EVERY));
    section.finish();
    return config;
  }

  /** The averages that a run keeps; the one that pictures are drawn with is the first. */
  public List<Average> averages() {
    List<Average> averages = new ArrayList<>();
    averages.add(new Average.Exponential(DEFAULT, this, maxDecay));
    for (double rate : rates) {
      averages.add(new Average.Exponential(Double.toString(rate), this, rate));
    }
    for (double width : sigmaRel) {
      averages.add(new Average.Power(new PowerFunction(width)));
    }
    return averages;
  }

  /**
   * The decay of one update: min(max, 1 - (1 + n'/γ)^-p) with n' = max(0, n - after - 1).
   *
   * @param iteration n, from 1
   * @param most of the average
   */
  double decayAt(int iteration, double most) {
    int n = Math.max(0, iteration - after - 1);
    return Math.min(most, 1 - Math.pow(1 + n / inverseGamma, -power));
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(MAX_DECAY.name(), maxDecay);
    map.put(INVERSE_GAMMA.name(), inverseGamma);
    map.put(POWER.name(), power);
    map.put(AFTER.name(), after);
    // Lists of their own, since YAML would name one that stands in two places.
    map.put(RATES.name(), new ArrayList<>(rates));
    map.put(SIGMA_REL.name(), new ArrayList<>(sigmaRel));
    map.put(SNAPSHOT_EVERY.name(), snapshotEvery);
    return map;
  }
}
