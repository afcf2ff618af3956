package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The noise schedule by name.
 *
 * @param name of the family
 * @param timesteps T
 * @param arguments overrides of the family's defaults
 */
public record ScheduleConfig(String name, int timesteps, Map<String, Double> arguments) {
  /** Copies the arguments and checks that the schedule exists. */
  public ScheduleConfig {
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    Check.atLeast("schedule.timesteps", timesteps, 1);
    BetaSchedules.create(name, timesteps, arguments);
  }

  static ScheduleConfig of(Section section) {
    ScheduleConfig config =
        new ScheduleConfig(
            section.text("name", "linear"),
            section.integer("timesteps", 1000),
            section.numbers("arguments"));
    section.finish();
    return config;
  }

  /** The tables. */
  public NoiseSchedule create() {
    return BetaSchedules.create(name, timesteps, arguments);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("timesteps", timesteps);
    map.put("arguments", arguments);
    return map;
  }
}
