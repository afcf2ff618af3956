package dev.ancestral.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What another's scheduler_config.json says is what its class in diffusers would do. */
class ForeignSchedulerTest {
  private static final NoiseSchedule LINEAR =
      BetaSchedules.create("linear", 1000, Map.of("beta_start", 1e-4, "beta_end", 0.02));

  @Test
  void aDdpmThatSaysNoMore_hasItsClassesDefaults() {
    SchedulerConfig config = read("DDPMScheduler", "").config();
    assertEquals(LINEAR, config.schedule());
    assertEquals(PredictionType.EPSILON, config.predictionType());
    assertEquals(Variance.FIXED_SMALL, config.variance());
    assertEquals(ClipRule.TO_DATA, config.clipping());
    assertEquals(TimestepSpacing.LEADING, config.spacing());
    assertEquals(0, config.stepsOffset());
    assertEquals(new Recommended("ddpm", null), read("DDPMScheduler", "").recommended());
  }

  @Test
  void aDdim_keepsTheNetworksEpsilon() {
    ForeignScheduler ddim = read("DDIMScheduler", "");
    assertEquals(TimestepSpacing.LEADING, ddim.config().spacing());
    assertEquals(ClipRule.TO_DATA, ddim.config().clipping());
    assertEquals("ddim", ddim.recommended().sampler());
    assertEquals(
        Map.of("rederive_epsilon", false, "by_stride", true, "final_level", "clean"),
        ddim.recommended().options());
  }

  @Test
  void aDpmSolver_neverClips() {
    ForeignScheduler solver = read("DPMSolverMultistepScheduler", "");
    assertEquals(TimestepSpacing.LINSPACE, solver.config().spacing());
    assertEquals(ClipRule.NONE, solver.config().clipping());
    assertEquals("dpmpp-2m", solver.recommended().sampler());
    assertEquals(
        Map.of(
            "karras", false, "lower_order_final", true, "solver_order", 2, "final_level", "clean"),
        solver.recommended().options());
  }

  @Test
  void anEuler_visitsFractions_fromTheNoiseOfItsLevel() {
    ForeignScheduler euler = read("EulerDiscreteScheduler", "");
    assertEquals(ClipRule.NONE, euler.config().clipping());
    assertEquals("euler", euler.recommended().sampler());
    assertEquals(
        Map.of(
            "karras",
            false,
            "round_timesteps",
            false,
            "final_level",
            "clean",
            "initial_scale",
            "sigma"),
        euler.recommended().options());
    assertEquals(
        Map.of("karras", false, "final_level", "first_sigma", "initial_scale", "unit"),
        read(
                "EulerDiscreteScheduler",
                "'timestep_spacing': 'leading', 'final_sigmas_type': 'sigma_min'")
            .recommended()
            .options());
  }

  @Test
  void aSolverOfThirdOrder_isASamplerOfItsOwn() {
    Recommended third =
        read("DPMSolverMultistepScheduler", "'solver_order': 3, 'lower_order_final': false")
            .recommended();
    assertEquals("dpmpp-3m", third.sampler());
    assertEquals(
        Map.of("karras", false, "lower_order_final", false, "final_level", "clean"),
        third.options());
  }

  @Test
  void uniPc_endsAtTheData_andDeisAtTheFirstTimestep() {
    Recommended uniPc = read("UniPCMultistepScheduler", "'solver_order': 3").recommended();
    assertEquals("unipc", uniPc.sampler());
    assertEquals(
        Map.of(
            "karras",
            false,
            "lower_order_final",
            true,
            "solver_order",
            3,
            "solver_type",
            "bh2",
            "final_level",
            "clean"),
        uniPc.options());
    Recommended deis = read("DEISMultistepScheduler", "'use_karras_sigmas': true").recommended();
    assertEquals("deis", deis.sampler());
    assertEquals(
        Map.of(
            "karras",
            true,
            "lower_order_final",
            true,
            "solver_order",
            2,
            "final_level",
            "first_timestep"),
        deis.options());
  }

  @Test
  void theParallelClasses_stepAsTheOthers() {
    assertEquals(read("DDPMScheduler", "").config(), read("DDPMParallelScheduler", "").config());
    assertEquals(
        read("DDIMScheduler", "").recommended(), read("DDIMParallelScheduler", "").recommended());
  }

  @Test
  void eachKeyIsHonoured() {
    SchedulerConfig config =
        read(
                "DDIMScheduler",
                "'num_train_timesteps': 3, 'trained_betas': [0.1, 0.2, 0.3],"
                    + " 'prediction_type': 'v_prediction', 'clip_sample_range': 2.5,"
                    + " 'steps_offset': 1")
            .config();
    assertEquals(NoiseSchedule.ofBetas(new double[] {0.1, 0.2, 0.3}), config.schedule());
    assertEquals(PredictionType.V, config.predictionType());
    assertEquals(new ClipRule.Clipped(2.5), config.clipping());
    assertEquals(1, config.stepsOffset());
    assertEquals(
        new ClipRule.Thresholded(0.9, 1.5),
        read(
                "DDPMScheduler",
                "'thresholding': true, 'dynamic_thresholding_ratio': 0.9, 'sample_max_value': 1.5")
            .config()
            .clipping());
    assertEquals(
        "first_timestep",
        read("DDIMScheduler", "'set_alpha_to_one': false")
            .recommended()
            .options()
            .get("final_level"));
    assertEquals(
        Map.of(
            "karras",
            true,
            "lower_order_final",
            false,
            "solver_order",
            1,
            "final_level",
            "first_timestep"),
        read(
                "DPMSolverMultistepScheduler",
                "'use_karras_sigmas': true, 'lower_order_final': false, 'solver_order': 1,"
                    + " 'final_sigmas_type': 'sigma_min'")
            .recommended()
            .options());
  }

  @Test
  void zeroTerminalSnr_leavesNoSignal_butForSolversAnInkling() {
    String rescaled = "'rescale_betas_zero_snr': true, 'prediction_type': 'v_prediction'";
    assertEquals(LINEAR.withZeroTerminalSnr(), read("DDIMScheduler", rescaled).config().schedule());
    NoiseSchedule ofSolver = read("DPMSolverMultistepScheduler", rescaled).config().schedule();
    assertEquals(0x1p-24, ofSolver.alphaBar(999));
    assertEquals(LINEAR.withZeroTerminalSnr().alphaBar(998), ofSolver.alphaBar(998));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed_small", "fixed_small_log"})
  void theLogarithmOfTheSmallVariance_isTheSmallVariance(String name) {
    assertEquals(
        Variance.FIXED_SMALL,
        read("DDPMScheduler", "'variance_type': '%s'".formatted(name)).config().variance());
  }

  @Test
  void nullIsFalse_asInPython() {
    assertEquals(ClipRule.NONE, read("DDIMScheduler", "'clip_sample': null").config().clipping());
  }

  @Test
  void stepsThatAnOffsetLeavesNoRoomFor_areNotRecommended() {
    assertEquals(999, read("DDPMScheduler", "'steps_offset': 1").recommended().steps());
    assertNull(
        read("DDPMScheduler", "'steps_offset': 1, 'timestep_spacing': 'trailing'")
            .recommended()
            .steps());
  }

  @Test
  void whatAClassDoesNotRead_isLeftAloneWhereItAsksForNothing() {
    ForeignScheduler solver =
        read(
            "DPMSolverMultistepScheduler",
            "'_diffusers_version': '0.20.0', 'clip_sample': true, 'clip_sample_range': 2.0,"
                + " 'set_alpha_to_one': false, 'skip_prk_steps': true, 'variance_type': null,"
                + " 'lambda_min_clipped': -Infinity, 'flow_shift': 3.0, 'time_shift_type': 'exponential'");
    assertEquals(ClipRule.NONE, solver.config().clipping());
    assertEquals(
        "clip_sample true, clip_sample_range 2.0, set_alpha_to_one false, skip_prk_steps true",
        solver.words().get("without effect there"));
  }

  @Test
  void whatWasUnderstood_isTold() {
    Map<String, String> words =
        read("DDIMScheduler", "'num_train_timesteps': 100, 'timestep_spacing': 'trailing'").words();
    assertEquals("DDIMScheduler", words.get("class"));
    assertEquals("num_train_timesteps 100, timestep_spacing trailing", words.get("says"));
    String defaults = words.getOrDefault("defaults of the class", "");
    assertTrue(defaults.contains("clip_sample true, set_alpha_to_one true"), defaults);
  }

  @Test
  void defaultsThatAnObjectInMemoryNoted_areThoseOfTheClass() {
    assertEquals(
        TimestepSpacing.LINSPACE,
        read(
                "DPMSolverMultistepScheduler",
                "'timestep_spacing': 'leading', '_use_default_values': ['timestep_spacing']")
            .config()
            .spacing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "FlowMatchEulerDiscreteScheduler | _ | 0 | _class_name: FlowMatchEulerDiscreteScheduler cannot be sampled here (expected one of: DDPMScheduler, DDPMParallelScheduler, DDIMScheduler, DDIMParallelScheduler, DPMSolverMultistepScheduler, UniPCMultistepScheduler, DEISMultistepScheduler, EulerDiscreteScheduler)",
        "DDIMSchedular | _ | 0 | _class_name: DDIMSchedular cannot be sampled here (expected one of: DDPMScheduler, DDPMParallelScheduler, DDIMScheduler, DDIMParallelScheduler, DPMSolverMultistepScheduler, UniPCMultistepScheduler, DEISMultistepScheduler, EulerDiscreteScheduler; did you mean DDIMScheduler?)",
        "DDPMScheduler | clip_samples | true | clip_samples: unknown key (did you mean clip_sample?)",
        "DDPMScheduler | wholly_other | 1 | wholly_other: unknown key (expected: those of diffusers' schedulers)",
        "DDPMScheduler | variance_type | 'fixed_large_log' | variance_type: \"fixed_large_log\" (expected: fixed_large; diffusers takes a standard deviation for a logarithm there, which gives NaN)",
        "DDPMScheduler | variance_type | 'learned' | variance_type: \"learned\" (expected: learned_range; diffusers takes the output for the variance itself there, not for its logarithm)",
        "DDPMScheduler | variance_type | 'wide' | variance_type: \"wide\" (expected: fixed_small, fixed_small_log, fixed_large or learned_range)",
        "DDPMScheduler | use_karras_sigmas | true | use_karras_sigmas: true (expected: none, since DDPMScheduler does not read it)",
        "DDPMScheduler | beta_schedule | 'laplace' | beta_schedule: \"laplace\" (expected: linear, scaled_linear, squaredcos_cap_v2, sigmoid)",
        "DDIMScheduler | beta_schedule | 'sigmoid' | beta_schedule: \"sigmoid\" (expected: linear, scaled_linear, squaredcos_cap_v2)",
        "DDIMScheduler | prediction_type | 'score' | prediction_type: \"score\" (expected: epsilon, sample, v_prediction)",
        "DDIMScheduler | timestep_spacing | 'even' | timestep_spacing: \"even\" (expected: leading, linspace, trailing)",
        "DDIMScheduler | steps_offset | -1 | steps_offset: -1 (expected: at least 0)",
        "DDIMScheduler | clip_sample_range | 0 | clip_sample_range: 0 (expected: above 0)",
        "DDIMScheduler | num_train_timesteps | 0 | num_train_timesteps: 0 (expected: 1..100000)",
        "DDIMScheduler | num_train_timesteps | 2147483647 | num_train_timesteps: 2147483647 (expected: 1..100000)",
        "DDIMScheduler | beta_end | null | beta_end: null (expected: a number)",
        "DDIMScheduler | beta_end | 2 | beta_schedule: betas[500]: 1.001050950950951 (expected: above 0, below 1)",
        "DDIMScheduler | trained_betas | [0.5, 0.5] | num_train_timesteps: 1000 (expected: 2, as trained_betas has)",
        "DPMSolverMultistepScheduler | algorithm_type | 'sde-dpmsolver++' | algorithm_type: \"sde-dpmsolver++\" (expected: dpmsolver++)",
        "DPMSolverMultistepScheduler | algorithm_type | 'dpmsolver' | algorithm_type: \"dpmsolver\" (expected: dpmsolver++)",
        "DPMSolverMultistepScheduler | solver_type | 'heun' | solver_type: \"heun\" (expected: midpoint, logrho, bh1, bh2)",
        "DPMSolverMultistepScheduler | solver_order | 4 | solver_order: 4 (expected: 1..3)",
        "UniPCMultistepScheduler | predict_x0 | false | predict_x0: false (expected: true)",
        "UniPCMultistepScheduler | disable_corrector | [0] | disable_corrector: [0] (expected: [], a corrector in every step)",
        "UniPCMultistepScheduler | solver_type | 'bh1' | solver_type: \"bh1\" (expected: bh2, or final_sigmas_type sigma_min, since diffusers' last step to zero gives NaN there)",
        "DEISMultistepScheduler | algorithm_type | 'sde-dpmsolver' | algorithm_type: \"sde-dpmsolver\" (expected: deis, dpmsolver, dpmsolver++)",
        "DEISMultistepScheduler | rescale_betas_zero_snr | true | rescale_betas_zero_snr: true (expected: none, since DEISMultistepScheduler does not read it)",
        "DPMSolverMultistepScheduler | use_exponential_sigmas | true | use_exponential_sigmas: true (expected: false)",
        "DPMSolverMultistepScheduler | use_beta_sigmas | true | use_beta_sigmas: true (expected: false)",
        "DPMSolverMultistepScheduler | use_lu_lambdas | true | use_lu_lambdas: true (expected: false)",
        "DPMSolverMultistepScheduler | use_flow_sigmas | true | use_flow_sigmas: true (expected: false)",
        "DPMSolverMultistepScheduler | prediction_type | 'flow_prediction' | prediction_type: \"flow_prediction\" (expected: epsilon, sample, v_prediction)",
        "DPMSolverMultistepScheduler | lambda_min_clipped | -3 | lambda_min_clipped: -3 (expected: -Infinity, or below -5.059)",
        "DPMSolverMultistepScheduler | final_sigmas_type | 'none' | final_sigmas_type: \"none\" (expected: zero, sigma_min)",
        "EulerDiscreteScheduler | interpolation_type | 'log_linear' | interpolation_type: \"log_linear\" (expected: linear)",
        "EulerDiscreteScheduler | thresholding | true | thresholding: true (expected: none, since EulerDiscreteScheduler does not read it)",
        "EulerDiscreteScheduler | use_exponential_sigmas | true | use_exponential_sigmas: true (expected: false)",
      })
  void whatCannotBeHonoured_isRefusedByName(String name, String key, String value, String message) {
    BundleException e =
        assertThrows(
            BundleException.class,
            () -> read(name, key.equals("_") ? "" : "'%s': %s".formatted(key, value)));
    assertEquals("scheduler_config.json: " + message, e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "DDPMScheduler | 'variance_type': 'fixed_large', 'timestep_spacing': 'trailing' | variance_type",
        "DDPMScheduler | 'variance_type': 'learned_range', 'steps_offset': 1 | variance_type",
        "DPMSolverMultistepScheduler | 'euler_at_final': true, 'final_sigmas_type': 'sigma_min' | euler_at_final",
        "DPMSolverMultistepScheduler | 'use_karras_sigmas': true, 'beta_schedule': 'squaredcos_cap_v2' | use_karras_sigmas",
        "DPMSolverMultistepScheduler | 'variance_type': 'learned', 'prediction_type': 'sample' | variance_type",
        "EulerDiscreteScheduler | 'use_karras_sigmas': true, 'rescale_betas_zero_snr': true | use_karras_sigmas",
        "EulerDiscreteScheduler | 'use_karras_sigmas': true, 'timestep_spacing': 'leading' | use_karras_sigmas",
        "EulerDiscreteScheduler | 'use_karras_sigmas': true, 'sigma_max': 80 | sigma_max",
        "EulerDiscreteScheduler | 'timestep_type': 'continuous', 'prediction_type': 'v_prediction' | timestep_type",
      })
  void whatCannotBeHonouredTogether_isRefusedByName(String name, String fields, String key) {
    BundleException e = assertThrows(BundleException.class, () -> read(name, fields));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("scheduler_config.json: " + key + ": "), message);
    assertTrue(message.contains(" (expected: "), message);
  }

  @Test
  void harmlessValuesOfWhatIsNotSupported_areTaken() {
    read("DPMSolverMultistepScheduler", "'euler_at_final': true, 'lambda_min_clipped': -5.1");
    read("EulerDiscreteScheduler", "'timestep_type': 'continuous', 'sigma_max': 80");
    read("DPMSolverMultistepScheduler", "'solver_type': 'bh2'");
  }

  @Test
  void aSchedulerOfAnother_isNoneThatOurOwnFileCouldHold() {
    for (String fields : List.of("'clip_sample_range': 2.0", "'steps_offset': 1")) {
      SchedulerConfig config = read("DDIMScheduler", fields).config();
      assertThrows(
          IllegalArgumentException.class,
          () -> SchedulerJson.write(config, new DataSpec(List.of(2L), -1, 1, 0)));
    }
  }

  private static ForeignScheduler read(String name, String fields) {
    String rest = fields.isEmpty() ? "" : ", " + fields.replace('\'', '"');
    return ForeignScheduler.read(
        JsonDocument.parse(
            "scheduler_config.json", "{\"_class_name\": \"%s\"%s}".formatted(name, rest)),
        Optional.empty());
  }
}
