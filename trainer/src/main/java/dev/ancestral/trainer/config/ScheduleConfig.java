package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The noise schedule: of betas by the name of their family, or of the sigmas of a
 * variance-exploding one, which score models are trained on.
 *
 * @param name of the family; {@code sigmas} where they are given
 * @param timesteps T
 * @param arguments overrides of the family's defaults
 * @param sigmas σ_0..σ_{T-1}, rising; empty for betas
 */
public record ScheduleConfig(
    String name, int timesteps, Map<String, Double> arguments, List<Double> sigmas) {
  private static final String SIGMAS = "sigmas";

  /** Copies the arguments and checks that the schedule exists. */
  public ScheduleConfig {
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    Check.atLeast("schedule.timesteps", timesteps, 1);
    sigmas = List.copyOf(sigmas);
    if (sigmas.isEmpty()) {
      BetaSchedules.create(name, timesteps, arguments);
    } else {
      Check.that(name.equals(SIGMAS), "schedule.name", name, "sigmas, or none of schedule.sigmas");
      Check.that(
          timesteps == sigmas.size(),
          "schedule.timesteps",
          timesteps,
          "%d, as many as schedule.sigmas".formatted(sigmas.size()));
      Check.that(
          arguments.isEmpty(), "schedule.arguments", arguments, "none beside schedule.sigmas");
      exploding(sigmas);
    }
  }

  static ScheduleConfig of(Section section) {
    List<Double> sigmas = section.decimals(SIGMAS, List.of());
    ScheduleConfig config =
        new ScheduleConfig(
            section.text("name", sigmas.isEmpty() ? "linear" : SIGMAS),
            section.integer("timesteps", sigmas.isEmpty() ? 1000 : sigmas.size()),
            section.numbers("arguments"),
            sigmas);
    section.finish();
    return config;
  }

  /** The tables. */
  public NoiseSchedule create() {
    return sigmas.isEmpty() ? BetaSchedules.create(name, timesteps, arguments) : exploding(sigmas);
  }

  private static NoiseSchedule exploding(List<Double> sigmas) {
    return NoiseSchedule.ofSigmas(sigmas.stream().mapToDouble(Double::doubleValue).toArray());
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("timesteps", timesteps);
    if (sigmas.isEmpty()) {
      map.put("arguments", arguments);
    } else {
      map.put(SIGMAS, sigmas);
    }
    return map;
  }
}
