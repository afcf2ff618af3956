package dev.ancestral.bundle;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * diffusers' schedulers that samplers here stand for, each with the keys that it reads and what
 * they are where a file does not say: the arguments of its constructor, as of diffusers 0.42.1.
 */
enum ForeignClass {
  DDPM(
      "ddpm",
      "DDPMScheduler, DDPMParallelScheduler",
      """
      {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02,
       "beta_schedule": "linear", "trained_betas": null, "variance_type": "fixed_small",
       "clip_sample": true, "prediction_type": "epsilon", "thresholding": false,
       "dynamic_thresholding_ratio": 0.995, "clip_sample_range": 1.0, "sample_max_value": 1.0,
       "timestep_spacing": "leading", "steps_offset": 0, "rescale_betas_zero_snr": false}
      """),
  DDIM(
      "ddim",
      "DDIMScheduler, DDIMParallelScheduler",
      """
      {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02,
       "beta_schedule": "linear", "trained_betas": null, "clip_sample": true,
       "set_alpha_to_one": true, "steps_offset": 0, "prediction_type": "epsilon",
       "thresholding": false, "dynamic_thresholding_ratio": 0.995, "clip_sample_range": 1.0,
       "sample_max_value": 1.0, "timestep_spacing": "leading", "rescale_betas_zero_snr": false}
      """),
  DPM_SOLVER(
      "dpmpp-2m",
      "DPMSolverMultistepScheduler",
      """
      {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02,
       "beta_schedule": "linear", "trained_betas": null, "solver_order": 2,
       "prediction_type": "epsilon", "thresholding": false, "dynamic_thresholding_ratio": 0.995,
       "sample_max_value": 1.0, "algorithm_type": "dpmsolver++", "solver_type": "midpoint",
       "lower_order_final": true, "euler_at_final": false, "use_karras_sigmas": false,
       "use_exponential_sigmas": false, "use_beta_sigmas": false, "use_lu_lambdas": false,
       "use_flow_sigmas": false, "flow_shift": 1.0, "final_sigmas_type": "zero",
       "lambda_min_clipped": "-Infinity", "variance_type": null, "timestep_spacing": "linspace",
       "steps_offset": 0, "rescale_betas_zero_snr": false, "use_dynamic_shifting": false,
       "time_shift_type": "exponential"}
      """),
  UNIPC(
      "unipc",
      "UniPCMultistepScheduler",
      """
      {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02,
       "beta_schedule": "linear", "trained_betas": null, "solver_order": 2,
       "prediction_type": "epsilon", "thresholding": false, "dynamic_thresholding_ratio": 0.995,
       "sample_max_value": 1.0, "predict_x0": true, "solver_type": "bh2",
       "lower_order_final": true, "disable_corrector": [], "solver_p": null,
       "use_karras_sigmas": false, "use_exponential_sigmas": false, "use_beta_sigmas": false,
       "use_flow_sigmas": false, "flow_shift": 1.0, "timestep_spacing": "linspace",
       "steps_offset": 0, "final_sigmas_type": "zero", "rescale_betas_zero_snr": false,
       "use_dynamic_shifting": false, "time_shift_type": "exponential", "sigma_min": null,
       "sigma_max": null, "shift_terminal": null}
      """),
  DEIS(
      "deis",
      "DEISMultistepScheduler",
      """
      {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02,
       "beta_schedule": "linear", "trained_betas": null, "solver_order": 2,
       "prediction_type": "epsilon", "thresholding": false, "dynamic_thresholding_ratio": 0.995,
       "sample_max_value": 1.0, "algorithm_type": "deis", "solver_type": "logrho",
       "lower_order_final": true, "use_karras_sigmas": false, "use_exponential_sigmas": false,
       "use_beta_sigmas": false, "use_flow_sigmas": false, "flow_shift": 1.0,
       "timestep_spacing": "linspace", "steps_offset": 0, "use_dynamic_shifting": false,
       "time_shift_type": "exponential"}
      """),
  EULER(
      "euler",
      "EulerDiscreteScheduler",
      """
      {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02,
       "beta_schedule": "linear", "trained_betas": null, "prediction_type": "epsilon",
       "interpolation_type": "linear", "use_karras_sigmas": false,
       "use_exponential_sigmas": false, "use_beta_sigmas": false, "sigma_min": null,
       "sigma_max": null, "timestep_spacing": "linspace", "timestep_type": "discrete",
       "steps_offset": 0, "rescale_betas_zero_snr": false, "final_sigmas_type": "zero"}
      """);

  private final String sampler;
  private final String names;
  private final String defaults;

  ForeignClass(String sampler, String names, String defaults) {
    this.sampler = sampler;
    this.names = names;
    this.defaults = defaults;
  }

  /** The sampler here that takes its steps, unless its keys ask for another. */
  String sampler() {
    return sampler;
  }

  /** What it reads, with its defaults. */
  JsonDocument defaults() {
    return JsonDocument.parse(names, defaults);
  }

  /** The names of the classes that read and step alike. */
  private List<String> names() {
    return List.of(names.split(", ", -1));
  }

  /** The names of all classes. */
  static List<String> allNames() {
    return Arrays.stream(values()).flatMap(each -> each.names().stream()).toList();
  }

  static Optional<ForeignClass> find(String name) {
    return Arrays.stream(values()).filter(each -> each.names().contains(name)).findFirst();
  }

  /** What is wrong with a class that is none of these. */
  static String problem(String name) {
    String hint =
        Names.nearest(name, allNames()).map(near -> "; did you mean " + near + "?").orElse("");
    return "%s cannot be sampled here (expected one of: %s%s)"
        .formatted(Names.shortened(name), String.join(", ", allNames()), hint);
  }
}
