package dev.ancestral.bundle;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads somebody else's {@code scheduler_config.json} as the diffusers class that it names would:
 * with that class's defaults, and every key honoured or refused.
 *
 * @param type the class
 * @param config the noise schedule, and what holds for every sampler
 * @param recommended the class's own sampler, with the options that its keys are
 * @param words what was understood, by label
 */
record ForeignScheduler(
    ForeignClass type, SchedulerConfig config, Recommended recommended, Map<String, String> words) {
  private static final String CLASS = "_class_name";
  private static final String BETAS = "trained_betas";
  private static final String FAMILY = "beta_schedule";
  private static final String VARIANCE = "variance_type";
  static final String RESCALE = "rescale_betas_zero_snr";
  private static final String SPACING = "timestep_spacing";
  static final String COSINE = "squaredcos_cap_v2";

  /** What solvers of diffusers leave of the signal at zero terminal SNR, so that σ is finite. */
  private static final double LEFT_OF_THE_SIGNAL = 0x1p-24;

  /**
   * Reads the file.
   *
   * @param indexed the class that {@code model_index.json} names, if there is one
   * @throws BundleException naming the key, its value and what is supported
   */
  static ForeignScheduler read(JsonDocument file, Optional<String> indexed) {
    Optional<String> named = file.optionalText(CLASS);
    if (named.isPresent() && indexed.isPresent() && !named.equals(indexed)) {
      throw file.wrong(
          CLASS,
          "%s (expected: %s, as model_index.json says)".formatted(named.get(), indexed.get()));
    }
    String name =
        named
            .or(() -> indexed)
            .orElseThrow(
                () ->
                    file.wrong(
                        CLASS,
                        "is missing, and no model_index.json names it (expected one of: %s)"
                            .formatted(String.join(", ", ForeignClass.allNames()))));
    ForeignClass type =
        ForeignClass.find(name).orElseThrow(() -> file.wrong(CLASS, ForeignClass.problem(name)));
    ForeignKeys keys = new ForeignKeys(file, name, type);
    keys.requireNoOthers();
    return new Reader(type, keys).read();
  }

  private record Reader(ForeignClass type, ForeignKeys keys) {
    ForeignScheduler read() {
      NoiseSchedule schedule = schedule();
      TimestepSpacing spacing =
          TimestepSpacing.of(keys.oneOf(SPACING, List.of("leading", "linspace", "trailing")));
      int offset = keys.integer("steps_offset");
      keys.require(offset >= 0, "steps_offset", "at least 0");
      SchedulerConfig config =
          new SchedulerConfig(
              keys.text(FAMILY),
              schedule,
              prediction(),
              variance(spacing, offset),
              clipping(),
              spacing,
              spacing == TimestepSpacing.LEADING ? offset : 0);
      ForeignOptions sampling = new ForeignOptions(type, keys);
      Map<String, Object> options = sampling.of(config);
      // As many steps as there are timesteps would leave the offset no room.
      Integer steps =
          type == ForeignClass.DDPM && config.stepsOffset() > 0
              ? Integer.valueOf(schedule.timesteps() - config.stepsOffset())
              : null;
      return new ForeignScheduler(
          type, config, new Recommended(sampling.sampler(), steps, options, 1, 0), keys.words());
    }

    private NoiseSchedule schedule() {
      int timesteps = keys.integer("num_train_timesteps");
      keys.require(
          timesteps >= 1 && timesteps <= NoiseSchedule.MOST_TIMESTEPS,
          "num_train_timesteps",
          "1.." + NoiseSchedule.MOST_TIMESTEPS);
      Optional<double[]> betas = keys.numbers(BETAS);
      NoiseSchedule schedule;
      try {
        schedule = betas.map(NoiseSchedule::ofBetas).orElseGet(() -> ofFamily(timesteps));
      } catch (BundleException e) {
        throw e;
      } catch (IllegalArgumentException e) {
        throw keys.wrong(betas.isPresent() ? BETAS : FAMILY, "schedule", e);
      }
      keys.require(
          schedule.timesteps() == timesteps,
          "num_train_timesteps",
          "%d, as %s has".formatted(schedule.timesteps(), BETAS));
      if (!keys.flag(RESCALE)) {
        return schedule;
      }
      keys.require(timesteps > 1, RESCALE, "false, since there is one timestep alone");
      NoiseSchedule rescaled = schedule.withZeroTerminalSnr();
      return switch (type) {
        case DDPM, DDIM -> rescaled;
        case DPM_SOLVER, UNIPC, DEIS, EULER -> rescaled.withFinalAlphaBar(LEFT_OF_THE_SIGNAL);
      };
    }

    private NoiseSchedule ofFamily(int timesteps) {
      List<String> families =
          type == ForeignClass.DDPM
              ? List.of("linear", "scaled_linear", COSINE, "sigmoid")
              : List.of("linear", "scaled_linear", COSINE);
      String family = keys.oneOf(FAMILY, families);
      return BetaSchedules.create(
          family,
          timesteps,
          family.equals(COSINE)
              ? Map.of()
              : Map.of(
                  "beta_start", keys.number("beta_start"), "beta_end", keys.number("beta_end")));
    }

    private PredictionType prediction() {
      List<String> known = List.of("epsilon", "sample", "v_prediction");
      if (type == ForeignClass.EULER && keys.text("prediction_type").equals("original_sample")) {
        return PredictionType.SAMPLE;
      }
      return PredictionType.of(keys.oneOf("prediction_type", known));
    }

    private Variance variance(TimestepSpacing spacing, int offset) {
      return switch (type) {
        case DDIM, UNIPC, DEIS, EULER -> Variance.FIXED_SMALL;
        case DDPM -> ddpmVariance(spacing, offset);
        case DPM_SOLVER -> solverVariance();
      };
    }

    /** diffusers takes null for fixed_small there. */
    private Variance ddpmVariance(TimestepSpacing spacing, int offset) {
      String label = keys.optionalText(VARIANCE).orElse("fixed_small");
      Variance variance =
          switch (label) {
            case "fixed_small", "fixed_small_log" -> Variance.FIXED_SMALL;
            case "fixed_large" -> Variance.FIXED_LARGE;
            case "learned_range" -> Variance.LEARNED_RANGE;
            default -> null;
          };
      keys.require(
          variance != null,
          VARIANCE,
          switch (label) {
            case "fixed_large_log" ->
                "fixed_large; diffusers takes a standard deviation for a logarithm there, which gives NaN";
            case "learned" ->
                "learned_range; diffusers takes the output for the variance itself there, not for its logarithm";
            default -> "fixed_small, fixed_small_log, fixed_large or learned_range";
          });
      boolean endsAtTimestep0 =
          switch (spacing) {
            case LEADING -> offset == 0;
            case LINSPACE -> true;
            case TRAILING -> false;
          };
      keys.require(
          variance == Variance.FIXED_SMALL || endsAtTimestep0,
          VARIANCE,
          "fixed_small, since diffusers adds noise of this variance to the finished sample where the last timestep is not 0");
      return variance == null ? Variance.FIXED_SMALL : variance;
    }

    /** A solver draws no noise; a learned variance says that the output has a half to leave out. */
    private Variance solverVariance() {
      String label = keys.optionalText(VARIANCE).orElse("fixed_small");
      keys.require(!label.equals("fixed_large_log"), VARIANCE, "null, learned or learned_range");
      try {
        Variance variance = Variance.of(label.equals("fixed_small_log") ? "fixed_small" : label);
        keys.require(
            !variance.isLearned() || keys.text("prediction_type").equals("epsilon"),
            VARIANCE,
            "null, since diffusers leaves the variance out of an epsilon prediction alone");
        return variance;
      } catch (BundleException e) {
        throw e;
      } catch (IllegalArgumentException e) {
        throw keys.wrong(VARIANCE, VARIANCE, e);
      }
    }

    private ClipRule clipping() {
      if (type == ForeignClass.EULER) {
        return ClipRule.NONE;
      }
      if (keys.flag("thresholding")) {
        double quantile = keys.number("dynamic_thresholding_ratio");
        keys.require(
            quantile > 0 && quantile <= 1, "dynamic_thresholding_ratio", "above 0, at most 1");
        double most = keys.number("sample_max_value");
        keys.require(most > 0, "sample_max_value", "above 0");
        return new ClipRule.Thresholded(quantile, most);
      }
      boolean clips = type == ForeignClass.DDPM || type == ForeignClass.DDIM;
      if (!clips || !keys.flag("clip_sample")) {
        return ClipRule.NONE;
      }
      double range = keys.number("clip_sample_range");
      keys.require(range > 0, "clip_sample_range", "above 0");
      return new ClipRule.Clipped(range);
    }
  }
}
