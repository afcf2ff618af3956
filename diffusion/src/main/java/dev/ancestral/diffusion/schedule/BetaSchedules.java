package dev.ancestral.diffusion.schedule;

import dev.ancestral.diffusion.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/** The registry of named schedules: a new family is one file and one line here. */
public final class BetaSchedules {
  private static final List<BetaSchedule> ALL =
      List.of(
          new LinearSchedule(),
          new ScaledLinearSchedule(),
          new CosineSchedule(),
          new QuadraticSchedule(),
          new ConstantSchedule(),
          new SigmoidSchedule(),
          new SigmoidAlphaBarSchedule());

  private BetaSchedules() {}

  /** The known names. */
  public static List<String> names() {
    return ALL.stream().map(BetaSchedule::name).toList();
  }

  /**
   * The arguments that a family takes, each with its default.
   *
   * @throws IllegalArgumentException for an unknown name, listing the known ones
   */
  public static Map<String, Double> defaults(String name) {
    return family(name).defaults();
  }

  private static BetaSchedule family(String name) {
    return ALL.stream()
        .filter(schedule -> schedule.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Names.unknown("schedule", name, names()));
  }

  /**
   * Makes the schedule of this name.
   *
   * @param timesteps T, 1 to {@link NoiseSchedule#MOST_TIMESTEPS}
   * @param arguments overrides of the family's defaults; every key must be one of its own
   * @throws IllegalArgumentException for an unknown name (listing the known ones), an unknown
   *     argument, or a beta outside (0, 1)
   */
  public static NoiseSchedule create(String name, int timesteps, Map<String, Double> arguments) {
    BetaSchedule family = family(name);
    NoiseSchedule.checkTimesteps(timesteps);
    Map<String, Double> resolved = new LinkedHashMap<>(family.defaults());
    arguments.forEach(
        (key, value) -> {
          if (resolved.replace(key, value) == null) {
            throw Names.unknown("schedule " + name, key, family.defaults().keySet());
          }
        });
    return NoiseSchedule.ofBetas(
        family.betas(timesteps, key -> Objects.requireNonNull(resolved.get(key))));
  }

  /** {@code count} values from start to end, both included; start alone where count is 1. */
  static double[] linspace(double start, double end, int count) {
    double[] values = new double[count];
    double delta = count == 1 ? 0 : (end - start) / (count - 1);
    for (int i = 0; i < count; i++) {
      values[i] = i == count - 1 && count > 1 ? end : start + i * delta;
    }
    return values;
  }

  /** The defaults of a family that runs from one β to another. */
  static Map<String, Double> ends(double start, double end) {
    Map<String, Double> defaults = new LinkedHashMap<>();
    defaults.put("beta_start", start);
    defaults.put("beta_end", end);
    return defaults;
  }

  /** β_i = min(1 - ᾱ((i+1)/T)/ᾱ(i/T), maxBeta). */
  static double[] fromAlphaBar(int timesteps, DoubleUnaryOperator alphaBar, double maxBeta) {
    double[] betas = new double[timesteps];
    for (int i = 0; i < timesteps; i++) {
      double before = alphaBar.applyAsDouble((double) i / timesteps);
      double after = alphaBar.applyAsDouble((double) (i + 1) / timesteps);
      betas[i] = Math.min(1 - after / before, maxBeta);
    }
    return betas;
  }

  /** σ(x) = 1/(1 + e^-x). */
  static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
