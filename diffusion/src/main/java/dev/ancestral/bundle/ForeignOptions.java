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
  private static final String ORDER = "solver_order";
  private static final String TYPE = "solver_type";

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
      case UNIPC -> uniPc(config);
      case DEIS -> deis(config);
      case EULER -> euler(config);
    };
  }

  /** The sampler that takes the steps of the class at the order that its keys have. */
  String sampler() {
    return type == ForeignClass.DPM_SOLVER && keys.integer(ORDER) == 3
        ? "dpmpp-3m"
        : type.sampler();
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
    keys.oneOf(TYPE, List.of("midpoint", "logrho", "bh1", "bh2"));
    int order = order();
    requireOff("use_lu_lambdas");
    requireTrainedLevels();
    boolean toData = endsAtTheData();
    keys.require(
        !keys.flag("euler_at_final") || toData || order == 1,
        "euler_at_final",
        "false with final_sigmas_type sigma_min");
    requireNoClippedLambda(config.schedule());
    boolean karras = roundedKarras(config, "cuts rather than rounds them");
    Map<String, Object> options = multistep(karras, toData);
    if (order < 3) {
      // Of order 3 there is a sampler of its own.
      options.put(ORDER, order);
    }
    return options;
  }

  private Map<String, Object> uniPc(SchedulerConfig config) {
    keys.require(keys.flag("predict_x0"), "predict_x0", "true");
    keys.require(
        keys.isEmpty("disable_corrector"), "disable_corrector", "[], a corrector in every step");
    keys.require(keys.isNull("solver_p"), "solver_p", "null, UniPC's own predictor");
    keys.require(keys.isNull("shift_terminal"), "shift_terminal", "null");
    requireTrainedLevels();
    boolean karras = roundedKarras(config, "takes equal ones for a later start");
    requireOwnEnds(karras);
    // The others are taken for bh2.
    String solverType = keys.oneOf(TYPE, List.of("bh1", "bh2", "midpoint", "heun", "logrho"));
    boolean toData = endsAtTheData();
    keys.require(
        !solverType.equals("bh1") || !toData,
        TYPE,
        "bh2, or final_sigmas_type sigma_min, since diffusers' last step to zero gives NaN there");
    Map<String, Object> options = multistep(karras, toData);
    options.put(ORDER, order());
    options.put(TYPE, solverType.equals("bh1") ? "bh1" : "bh2");
    return options;
  }

  private Map<String, Object> deis(SchedulerConfig config) {
    // The others are taken for deis and for logrho.
    keys.oneOf("algorithm_type", List.of("deis", "dpmsolver", "dpmsolver++"));
    keys.oneOf(TYPE, List.of("logrho", "midpoint", "heun", "bh1", "bh2"));
    requireTrainedLevels();
    Map<String, Object> options =
        multistep(roundedKarras(config, "takes equal ones for a later start"), false);
    options.put(ORDER, order());
    return options;
  }

  private Map<String, Object> multistep(boolean karras, boolean toData) {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("karras", karras);
    options.put("lower_order_final", keys.flag("lower_order_final"));
    options.put("final_level", toData ? "clean" : "first_timestep");
    return options;
  }

  private int order() {
    int order = keys.integer(ORDER);
    keys.require(order >= 1 && order <= 3, ORDER, "1..3");
    return order;
  }

  private void requireTrainedLevels() {
    requireOff(
        "use_exponential_sigmas", "use_beta_sigmas", "use_flow_sigmas", "use_dynamic_shifting");
  }

  private void requireOwnEnds(boolean karras) {
    for (String end : List.of("sigma_min", "sigma_max")) {
      keys.require(
          keys.isNull(end) || !karras,
          end,
          "null, since Karras' levels end where the schedule does");
    }
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
    requireOwnEnds(karras);
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

  /** A cosine schedule is so steep at its end that the first of Karras' timesteps are the same. */
  private boolean roundedKarras(SchedulerConfig config, String problem) {
    boolean karras = karras();
    keys.require(
        !karras || !config.betaSchedule().equals(ForeignScheduler.COSINE),
        KARRAS,
        "false with beta_schedule squaredcos_cap_v2, of whose timesteps diffusers " + problem);
    return karras;
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
