package dev.ancestral.trainer.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleConfigTest {
  @Test
  void givenBetas_areTheSchedule() {
    ScheduleConfig config = config("schedule.trained_betas=[0.1, 0.2, 0.5]").schedule();
    assertEquals("trained_betas", config.name());
    assertEquals(3, config.timesteps());
    assertArrayEquals(new double[] {0.1, 0.2, 0.5}, config.create().betas(), 0);
  }

  @Test
  void givenSigmas_areAVarianceExplodingSchedule() {
    NoiseSchedule schedule = config("schedule.sigmas=[0.01, 0.1, 1]").schedule().create();
    assertEquals(false, schedule.isVariancePreserving());
    assertArrayEquals(new double[] {0.01, 0.1, 1}, schedule.sigmas(), 1e-15);
  }

  @Test
  void rescaling_leavesNoSignalAtTheLastTimestep() {
    TrainingConfig config =
        config("schedule.rescale_zero_terminal_snr=true", "prediction_type=v_prediction");
    NoiseSchedule schedule = config.schedule().create();
    assertEquals(0, schedule.finalSnr(), 0);
    assertEquals(0.9999, schedule.alphaBar(0), 1e-15);
    assertEquals(config, TrainingConfig.of(config.toMap()));
  }

  @Test
  void givenLists_areReadBack() {
    for (String list : new String[] {"trained_betas=[0.1, 0.2]", "sigmas=[0.1, 0.2]"}) {
      TrainingConfig config = config("schedule." + list);
      assertEquals(config, TrainingConfig.of(config.toMap()), list);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "schedule.trained_betas=[0.1, 1.5] |"
            + " schedule.trained_betas[1]: 1.5 (expected: above 0, at most 1)",
        "schedule.trained_betas=[0.1, 1, 0.1] |"
            + " schedule.trained_betas[1]: 1.0 (expected: above 0, below 1)",
        "schedule.trained_betas=[0, 0.1] |"
            + " schedule.trained_betas[0]: 0.0 (expected: above 0, below 1)",
        "schedule.sigmas=[0.1, 0.1] | schedule.sigmas[1]: 0.1 (expected: above 0.1)",
        "schedule={sigmas: [1], trained_betas: [0.1]} |"
            + " schedule.sigmas: [1.0] (expected: none beside schedule.trained_betas)",
        "schedule={timesteps: 5, trained_betas: [0.1]} |"
            + " schedule.timesteps: 5 (expected: 1, as many as schedule.trained_betas)",
        "schedule={name: cosine, sigmas: [0.1]} |"
            + " schedule.name: cosine (expected: sigmas, or no schedule.sigmas)",
        "schedule={arguments: {beta_end: 0.1}, trained_betas: [0.1]} |"
            + " schedule.arguments: {beta_end=0.1} (expected: none beside schedule.trained_betas)",
        "schedule={sigmas: [0.1], rescale_zero_terminal_snr: true} |"
            + " schedule.rescale_zero_terminal_snr: true"
            + " (expected: false beside schedule.sigmas, since their chain keeps its signal)",
        "schedule={rescale_zero_terminal_snr: true} |"
            + " prediction_type: epsilon"
            + " (expected: v_prediction or sample with schedule.rescale_zero_terminal_snr)",
        "schedule.rescale_zero_terminal_snr=true; prediction_type=sample; sampling.spacing=leading |"
            + " sampling.spacing: leading"
            + " (expected: trailing with schedule.rescale_zero_terminal_snr)",
      })
  void aScheduleThatCannotBe_isRefusedByItsKey(String setting, String message) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> config(setting.split("; ")));
    assertEquals(message, refusal.getMessage());
  }

  private static TrainingConfig config(String... settings) {
    Map<String, Object> merged = Map.of();
    for (String setting : settings) {
      merged = ConfigSources.merge(merged, ConfigSources.setting(setting));
    }
    return TrainingConfig.of(merged);
  }
}
