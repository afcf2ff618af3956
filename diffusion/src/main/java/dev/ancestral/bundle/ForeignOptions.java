package dev.ancestral.bundle;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the keys of somebody else's scheduler are as options of the sampler that takes its steps.
 *
 * @param type the scheduler's class
 * @param keys what its file says
 */
record ForeignOptions(ForeignClass type, ForeignKeys keys) {
  private static final String KARRAS = "use_karras_sigmas";

  /**
   * The options, by the names that requests give them.
   *
   * @param config the rest of the file
   * @throws BundleException naming the key that no option stands for
   */
  Map<String, Object> of(SchedulerConfig config) {
    return switch (type) {
      case DDPM -> Map.of();
      case DDIM -> ddim();
      case DPM_SOLVER -> solver(config);
      case EULER -> euler(config);
    };
  }

  private Map<String, Object> ddim() {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("rederive_epsilon", false);
    options.put("by_stride", true);
    options.put("final_level", keys.flag("set_alpha_to_one") ? "clean" : "first_timestep");
    return options;
  }

  private Map<String, Object> solver(SchedulerConfig config) {
    keys.oneOf("algorithm_type", List.of("dpmsolver++"));
    // The others are taken for midpoint.
    keys.oneOf("solver_type", List.of("midpoint", "logrho", "bh1", "bh2"));
    int order = keys.integer("solver_order");
    keys.require(order == 1 || order == 2, "solver_order", "1 or 2");
    requireOff("use_exponential_sigmas", "use_beta_sigmas", "use_lu_lambdas");
    requireOff("use_flow_sigmas", "use_dynamic_shifting");
    boolean toData = endsAtTheData();
    keys.require(
        !keys.flag("euler_at_final") || toData || order == 1,
        "euler_at_final",
        "false with final_sigmas_type sigma_min");
    requireNoClippedLambda(config.schedule());
    boolean karras = karras();
    keys.require(
        !karras || !config.betaSchedule().equals(ForeignScheduler.COSINE),
        KARRAS,
        "false with beta_schedule squaredcos_cap_v2, whose timesteps diffusers cuts rather than rounds");
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("karras", karras);
    options.put("lower_order_final", keys.flag("lower_order_final"));
    options.put("solver_order", order);
    options.put("final_level", toData ? "clean" : "first_timestep");
    return options;
  }

  /** Below all that the schedule has, it cuts nothing off. */
  private void requireNoClippedLambda(NoiseSchedule schedule) {
    String key = "lambda_min_clipped";
    if (!keys.isText(key, "-Infinity")) {
      NoiseLevel noisiest = schedule.level(schedule.timesteps() - 1);
      double least = -Math.log(noisiest.relativeSigma());
      keys.require(
          keys.number(key) < least,
          key,
          String.format(Locale.ROOT, "-Infinity, or below %.3f", least));
    }
  }

  private Map<String, Object> euler(SchedulerConfig config) {
    boolean karras = karras();
    requireOff("use_exponential_sigmas", "use_beta_sigmas");
    keys.oneOf("interpolation_type", List.of("linear"));
    keys.require(
        keys.text("timestep_type").equals("discrete")
            || config.predictionType() != PredictionType.V,
        "timestep_type",
        "discrete");
    for (String end : List.of("sigma_min", "sigma_max")) {
      keys.require(
          keys.isNull(end) || !karras,
          end,
          "null, since Karras' levels end where the schedule does");
    }
    boolean linspace = config.spacing() == TimestepSpacing.LINSPACE;
    keys.require(!karras || linspace, KARRAS, "false, or timestep_spacing linspace beside it");
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("karras", karras);
    if (linspace && !karras) {
      options.put("round_timesteps", false);
    }
    options.put("final_level", endsAtTheData() ? "clean" : "first_sigma");
    options.put("initial_scale", config.spacing() == TimestepSpacing.LEADING ? "unit" : "sigma");
    return options;
  }

  /** With the signal that rescaling leaves, the last level is not the noisiest. */
  private boolean karras() {
    boolean karras = keys.flag(KARRAS);
    keys.require(
        !karras || !keys.flag(ForeignScheduler.RESCALE),
        KARRAS,
        "false with " + ForeignScheduler.RESCALE);
    return karras;
  }

  private boolean endsAtTheData() {
    return keys.oneOf("final_sigmas_type", List.of("zero", "sigma_min")).equals("zero");
  }

  private void requireOff(String... switches) {
    for (String key : switches) {
      keys.require(!keys.flag(key), key, "false");
    }
  }
}
