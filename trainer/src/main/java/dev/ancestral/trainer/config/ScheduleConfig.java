package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.Names;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The noise schedule: of betas, by the name of their family or one by one, or of the sigmas of a
 * variance-exploding one, which score models are trained on.
 *
 * @param name of the family; {@code trained_betas} or {@code sigmas} where those are given
 * @param timesteps T
 * @param arguments overrides of the family's defaults
 * @param trainedBetas β_0..β_{T-1}; empty unless they are given one by one
 * @param sigmas σ_0..σ_{T-1}, rising; empty for betas
 * @param rescaleZeroTerminalSnr whether the betas are rescaled so that no signal is left at the
 *     last timestep
 */
public record ScheduleConfig(
    String name,
    int timesteps,
    Map<String, Double> arguments,
    List<Double> trainedBetas,
    List<Double> sigmas,
    boolean rescaleZeroTerminalSnr) {
  private static final String BETAS = "trained_betas";
  private static final String SIGMAS = "sigmas";

  private static final Setting<String> NAME =
      Setting.text(
              "schedule.name",
              "family of the betas: "
                  + String.join(", ", BetaSchedules.names())
                  + "; or trained_betas, sigmas beside such a list")
          .orAs("linear, or the list that is given");
  private static final Setting<Integer> TIMESTEPS =
      Setting.integer("schedule.timesteps", "T, the noising steps of the forward process")
          .within(Bounds.atLeast(1))
          .orAs("1000, or as many as are given");
  private static final Setting<Map<String, Double>> ARGUMENTS =
      Setting.namedNumbers("schedule.arguments", "of the family: " + argumentsOfFamilies())
          .orAs("the family's own");
  private static final Setting<List<Double>> TRAINED_BETAS =
      Setting.numbers("schedule.trained_betas", "β of each timestep, instead of a family")
          .within(new Bounds<>(list -> true, "each above 0, below 1"))
          .orAs("none");
  private static final Setting<List<Double>> TRAINED_SIGMAS =
      Setting.numbers("schedule.sigmas", "σ of each level of a score model, instead of a family")
          .within(new Bounds<>(list -> true, "rising, each above 0"))
          .orAs("none");
  static final Setting<Boolean> RESCALE =
      Setting.flag(
              "schedule.rescale_zero_terminal_snr",
              "whether the betas are rescaled so that no signal is left at the last timestep")
          .or(false);

  static final SettingGroup SETTINGS =
      SettingGroup.of(
          "schedule", NAME, TIMESTEPS, ARGUMENTS, TRAINED_BETAS, TRAINED_SIGMAS, RESCALE);

  private static String argumentsOfFamilies() {
    return BetaSchedules.names().stream()
        .map(
            name ->
                name
                    + " has "
                    + BetaSchedules.defaults(name).entrySet().stream()
                        .map(argument -> argument.getKey() + " " + argument.getValue())
                        .collect(Collectors.joining(", ")))
        .collect(Collectors.joining("; "));
  }

  /** Copies the arguments and checks that the schedule exists. */
  public ScheduleConfig {
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    TIMESTEPS.check(timesteps);
    trainedBetas = List.copyOf(trainedBetas);
    sigmas = List.copyOf(sigmas);
    Check.that(
        trainedBetas.isEmpty() || sigmas.isEmpty(),
        "schedule." + SIGMAS,
        sigmas,
        "none beside schedule." + BETAS);
    if (!trainedBetas.isEmpty()) {
      checkGiven(BETAS, trainedBetas, name, timesteps, arguments);
    } else if (!sigmas.isEmpty()) {
      checkGiven(SIGMAS, sigmas, name, timesteps, arguments);
      Check.that(
          !rescaleZeroTerminalSnr,
          RESCALE.key(),
          true,
          "false beside schedule." + SIGMAS + ", since their chain keeps its signal");
    } else if (!BetaSchedules.names().contains(name)) {
      throw Names.unknown("schedule.name", name, BetaSchedules.names());
    }
    create(name, timesteps, arguments, trainedBetas, sigmas, rescaleZeroTerminalSnr);
  }

  private static void checkGiven(
      String key, List<Double> given, String name, int timesteps, Map<String, Double> arguments) {
    String list = "schedule." + key;
    Check.that(name.equals(key), "schedule.name", name, key + ", or no " + list);
    Check.that(
        timesteps == given.size(),
        "schedule.timesteps",
        timesteps,
        "%d, as many as %s".formatted(given.size(), list));
    Check.that(arguments.isEmpty(), "schedule.arguments", arguments, "none beside " + list);
  }

  static ScheduleConfig of(Section section) {
    List<Double> betas = section.get(TRAINED_BETAS, List.of());
    List<Double> sigmas = section.get(TRAINED_SIGMAS, List.of());
    List<Double> given = betas.isEmpty() ? sigmas : betas;
    String name = betas.isEmpty() ? SIGMAS : BETAS;
    ScheduleConfig config =
        new ScheduleConfig(
            section.get(NAME, given.isEmpty() ? "linear" : name),
            section.get(TIMESTEPS, given.isEmpty() ? 1000 : given.size()),
            section.get(ARGUMENTS, Map.of()),
            betas,
            sigmas,
            section.get(RESCALE));
    section.finish();
    return config;
  }

  /** The tables. */
  public NoiseSchedule create() {
    return create(name, timesteps, arguments, trainedBetas, sigmas, rescaleZeroTerminalSnr);
  }

  private static NoiseSchedule create(
      String name,
      int timesteps,
      Map<String, Double> arguments,
      List<Double> betas,
      List<Double> sigmas,
      boolean rescale) {
    NoiseSchedule schedule;
    if (betas.isEmpty() && sigmas.isEmpty()) {
      schedule = BetaSchedules.create(name, timesteps, arguments);
    } else {
      try {
        schedule =
            sigmas.isEmpty()
                ? NoiseSchedule.ofBetas(array(betas))
                : NoiseSchedule.ofSigmas(array(sigmas));
      } catch (IllegalArgumentException e) {
        // Its message starts with betas[t] or sigmas[t].
        throw new IllegalArgumentException(
            (sigmas.isEmpty() ? "schedule.trained_" : "schedule.") + e.getMessage(), e);
      }
    }
    return rescale ? schedule.withZeroTerminalSnr() : schedule;
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(NAME.name(), name);
    map.put(TIMESTEPS.name(), timesteps);
    if (!trainedBetas.isEmpty()) {
      map.put(BETAS, trainedBetas);
    } else if (!sigmas.isEmpty()) {
      map.put(SIGMAS, sigmas);
    } else {
      map.put(ARGUMENTS.name(), arguments);
    }
    map.put(RESCALE.name(), rescaleZeroTerminalSnr);
    return map;
  }
}
