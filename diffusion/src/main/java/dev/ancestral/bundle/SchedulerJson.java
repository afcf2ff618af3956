package dev.ancestral.bundle;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code scheduler/scheduler_config.json} of our own bundles, in the keys of diffusers; those of
 * others {@link ForeignScheduler} reads. It has no list for the levels of a variance-exploding
 * schedule; {@code trained_sigmas} is ours.
 */
final class SchedulerJson {
  private static final String SPACING = "timestep_spacing";
  private static final String BETAS = "trained_betas";
  private static final String SIGMAS = "trained_sigmas";

  private SchedulerJson() {}

  /** diffusers' class that samples from such a schedule. */
  static String className(NoiseSchedule schedule) {
    return schedule.isVariancePreserving() ? "DDPMScheduler" : "ScoreSdeVeScheduler";
  }

  /** The field that holds the levels of noise. */
  static String levelsField(NoiseSchedule schedule) {
    return schedule.isVariancePreserving() ? BETAS : SIGMAS;
  }

  /**
   * The betas or the sigmas are always written: they are the truth, whatever family they came from.
   */
  static JsonObject write(SchedulerConfig config, DataSpec data) {
    boolean ours =
        config.clipping().equals(ClipRule.NONE) || config.clipping().equals(ClipRule.TO_DATA);
    if (!ours || config.stepsOffset() != 0) {
      throw new IllegalArgumentException(
          "scheduler: %s, steps offset %d (expected: clipping to the data's range or none, and no offset)"
              .formatted(config.clipping(), config.stepsOffset()));
    }
    NoiseSchedule schedule = config.schedule();
    int last = schedule.timesteps() - 1;
    JsonObject json = new JsonObject();
    json.addProperty("_class_name", className(schedule));
    json.addProperty("num_train_timesteps", schedule.timesteps());
    json.addProperty("beta_schedule", config.betaSchedule());
    double[] levels;
    if (schedule.isVariancePreserving()) {
      levels = schedule.betas();
      json.addProperty("beta_start", schedule.beta(0));
      json.addProperty("beta_end", schedule.beta(last));
    } else {
      levels = schedule.sigmas();
      json.addProperty("sigma_min", schedule.sigma(0));
      json.addProperty("sigma_max", schedule.sigma(last));
    }
    json.addProperty("variance_type", config.variance().label());
    json.addProperty("prediction_type", config.predictionType().label());
    json.addProperty("clip_sample", config.clipSample());
    json.addProperty("clip_sample_range", data.max());
    json.addProperty("rescale_betas_zero_snr", false);
    json.addProperty(SPACING, config.spacing().label());
    JsonArray written = new JsonArray();
    for (double level : levels) {
      written.add(level);
    }
    json.add(levelsField(schedule), written);
    return json;
  }

  static SchedulerConfig read(JsonDocument json) {
    String family = json.optionalText("beta_schedule").orElse("linear");
    Optional<double[]> betas = json.optionalNumbers(BETAS).map(SchedulerJson::array);
    Optional<double[]> sigmas = json.optionalNumbers(SIGMAS).map(SchedulerJson::array);
    if (json.optionalBool("rescale_betas_zero_snr").orElse(false)) {
      throw json.wrong(
          "rescale_betas_zero_snr", "true (expected: false, with the rescaled trained_betas)");
    }
    NoiseSchedule schedule =
        named(
            json,
            betas.isPresent() ? BETAS : sigmas.isPresent() ? SIGMAS : "beta_schedule",
            () ->
                betas
                    .map(NoiseSchedule::ofBetas)
                    .or(() -> sigmas.map(NoiseSchedule::ofSigmas))
                    .orElseGet(() -> fromFamily(json, family)));
    int timesteps = json.integer("num_train_timesteps");
    if (schedule.timesteps() != timesteps) {
      throw json.wrong(
          "num_train_timesteps",
          "%d (expected: %d, as %s has)"
              .formatted(timesteps, schedule.timesteps(), levelsField(schedule)));
    }
    return new SchedulerConfig(
        family,
        schedule,
        named(
            json,
            "prediction_type",
            () -> PredictionType.of(json.optionalText("prediction_type").orElse("epsilon"))),
        named(
            json,
            "variance_type",
            () -> Variance.of(json.optionalText("variance_type").orElse("fixed_small"))),
        json.optionalBool("clip_sample").orElse(true),
        named(
            json,
            SPACING,
            () ->
                TimestepSpacing.of(
                    json.optionalText(SPACING).orElse(TimestepSpacing.TRAILING.label()))));
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static NoiseSchedule fromFamily(JsonDocument json, String family) {
    Map<String, Double> arguments = new LinkedHashMap<>();
    if (!family.equals("squaredcos_cap_v2")) {
      for (String end : List.of("beta_start", "beta_end")) {
        json.optionalDecimal(end).ifPresent(value -> arguments.put(end, value));
      }
    }
    return BetaSchedules.create(family, json.integer("num_train_timesteps"), arguments);
  }

  private static <T> T named(JsonDocument json, String field, Supplier<T> read) {
    try {
      return read.get();
    } catch (BundleException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      String start = field + ": ";
      throw json.wrong(
          field, message.startsWith(start) ? message.substring(start.length()) : message);
    }
  }
}
