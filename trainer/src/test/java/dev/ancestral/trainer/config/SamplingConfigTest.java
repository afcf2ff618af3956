package dev.ancestral.trainer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.diffusion.sampler.FastDpmApproximation;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingConfigTest {
  @Test
  void settingsOfTheSampler_standBesideTheOthers() {
    TrainingConfig config =
        config("sampler=fastdpm", "steps=10", "approximation=var", "kappa=0.5", "step_size=1e-3");
    SamplerOptions options = config.sampling().samplerOptions();
    assertEquals(10, options.steps());
    assertEquals(Optional.of(FastDpmApproximation.VAR), options.find(SamplerOption.APPROXIMATION));
    assertEquals(Optional.of(0.5), options.find(SamplerOption.KAPPA));
    assertEquals(Optional.of(1e-3), options.find(SamplerOption.STEP_SIZE));
    assertEquals(config, TrainingConfig.of(config.toMap()));
  }

  @Test
  void whatNobodySaid_isLeftToTheSampler() {
    assertEquals(Set.of(), config("sampler=ddim").sampling().samplerOptions().given());
    assertEquals(
        Optional.of(TimestepSpacing.LEADING),
        config("spacing=leading").sampling().samplerOptions().find(SamplerOption.SPACING));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eta=2 | sampling.eta: 2 (expected: 0..1)",
        "eta=much | sampling.eta: much (expected: 0..1)",
        "karras=1 | sampling.karras: 1 (expected: true or false)",
        "decay=0 | sampling.decay: 0 (expected: above 0, at most 1)",
        "growth=linaer |"
            + " sampling.growth: unknown name 'linaer' (expected one of: linear, quadratic;"
            + " did you mean linear?)",
        "spacing=odd |"
            + " sampling.spacing: unknown name 'odd' (expected one of: leading, linspace, trailing)",
        "variance=fixed_large_log |"
            + " sampling.variance: fixed_large_log (expected: fixed_large; diffusers takes a standard"
            + " deviation for a logarithm there, which gives NaN)",
        "variance=fixed_smal |"
            + " sampling.variance: unknown name 'fixed_smal' (expected one of: fixed_small,"
            + " fixed_large, learned, learned_range; did you mean fixed_small?)",
        "kapa=1 | sampling.kapa: unknown key (did you mean sampling.kappa?)",
      })
  void aSettingThatCannotBe_isRefusedByItsKey(String setting, String message) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> config(setting));
    assertEquals(message, refusal.getMessage());
  }

  private static TrainingConfig config(String... settings) {
    Map<String, Object> merged = new LinkedHashMap<>();
    for (String setting : settings) {
      merged = ConfigSources.merge(merged, ConfigSources.setting("sampling." + setting));
    }
    return TrainingConfig.of(merged);
  }
}
