package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.Names;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
  static final String RESCALE = "rescale_zero_terminal_snr";

  private static final String BETAS = "trained_betas";
  private static final String SIGMAS = "sigmas";

  /** Copies the arguments and checks that the schedule exists. */
  public ScheduleConfig {
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    Check.atLeast("schedule.timesteps", timesteps, 1);
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
          "schedule." + RESCALE,
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
    List<Double> betas = section.decimals(BETAS, List.of());
    List<Double> sigmas = section.decimals(SIGMAS, List.of());
    List<Double> given = betas.isEmpty() ? sigmas : betas;
    String name = betas.isEmpty() ? SIGMAS : BETAS;
    ScheduleConfig config =
        new ScheduleConfig(
            section.text("name", given.isEmpty() ? "linear" : name),
            section.integer("timesteps", given.isEmpty() ? 1000 : given.size()),
            section.numbers("arguments"),
            betas,
            sigmas,
            section.flag(RESCALE, false));
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
    map.put("name", name);
    map.put("timesteps", timesteps);
    if (!trainedBetas.isEmpty()) {
      map.put(BETAS, trainedBetas);
    } else if (!sigmas.isEmpty()) {
      map.put(SIGMAS, sigmas);
    } else {
      map.put("arguments", arguments);
    }
    map.put(RESCALE, rescaleZeroTerminalSnr);
    return map;
  }
}
