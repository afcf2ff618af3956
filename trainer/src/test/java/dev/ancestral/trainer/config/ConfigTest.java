package dev.ancestral.trainer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.trainer.data.DataOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0.4053964", "11, 0.8344400", "101, 0.9686123", "1001, 0.9943808"})
  void averagingWarmsUpAsDiffusersDoes(int iteration, double decay) {
    assertEquals(decay, ema("max_decay=0.9999").averages().get(0).decayAt(iteration), 1e-7);
  }

  @Test
  void averagingNeverExceedsItsLimit_andWaitsWhereToldTo() {
    assertEquals(0.9, ema("max_decay=0.9").averages().get(0).decayAt(100_000), 0);
    Average late = ema("max_decay=0.9", "after=50").averages().get(0);
    assertEquals(0, late.decayAt(51), 0);
    assertTrue(late.decayAt(52) > 0);
  }

  @Test
  void furtherAveragesHaveNames_andEachItsOwnDecay() {
    List<Average> averages =
        ema("max_decay=0.99", "rates=0.999,0.9", "sigma_rel=0.05,0.1").averages();
    assertEquals(
        List.of("default", "0.999", "0.9", "power:0.05", "power:0.1"),
        averages.stream().map(Average::name).toList());
    assertEquals(0.99, averages.get(0).decayAt(100_000));
    assertEquals(0.999, averages.get(1).decayAt(100_000));
    assertEquals(0.9, averages.get(2).decayAt(100_000));
    assertEquals(0.4053964, averages.get(2).decayAt(2), 1e-7);
    assertEquals(0.9233272422695235, averages.get(4).decayAt(100), 1e-12);
  }

  private static EmaConfig ema(String... settings) {
    Map<String, Object> merged = Map.of();
    for (String setting : settings) {
      merged = ConfigSources.merge(merged, ConfigSources.setting("ema." + setting));
    }
    return TrainingConfig.of(merged).ema();
  }

  private static OptimizerConfig training(String setting) {
    return TrainingConfig.of(ConfigSources.setting("training." + setting)).training();
  }

  @Test
  void everyPresetReadsBackFromItsYaml(@TempDir Path directory) throws Exception {
    for (String name : ConfigSources.presets()) {
      TrainingConfig config = TrainingConfig.of(ConfigSources.preset(name));
      Path file = directory.resolve(name + ".yaml");
      Files.writeString(file, ConfigSources.toYaml(config.toMap()));
      assertEquals(config, TrainingConfig.of(ConfigSources.file(file)));
    }
  }

  @Test
  void laterSettingsWin_keyByKey() {
    Map<String, Object> merged =
        ConfigSources.merge(
            Map.of("training", Map.of("batch", 8, "seed", 3), "ema", Map.of("power", 1)),
            ConfigSources.setting("training.batch=16"));
    TrainingConfig config = TrainingConfig.of(merged);
    assertEquals(16, config.training().batch());
    assertEquals(3, config.training().seed());
    assertEquals(1, config.ema().power());
  }

  @Test
  void anotherTypeOfNetwork_takesNothingFromThePresetsNetwork() {
    Map<String, Object> digits = ConfigSources.preset("digits");
    Map<String, Object> other =
        ConfigSources.merge(
            ConfigSources.setting("network.dim=8"),
            ConfigSources.setting("network.type=convnext_unet"));

    Map<String, Object> merged = ConfigSources.merge(digits, other);

    assertEquals(Map.of("type", "convnext_unet", "dim", 8), merged.get("network"));
    assertEquals(digits.get("training"), merged.get("training"));
    assertEquals(digits, ConfigSources.merge(digits, ConfigSources.setting("network.type=unet")));
  }

  @Test
  void stepsAreAtMostTheTimesteps_whereNothingIsSaid() {
    assertEquals(50, TrainingConfig.of(Map.of()).sampling().steps());
    assertEquals(
        20, TrainingConfig.of(Map.of("schedule", Map.of("timesteps", 20))).sampling().steps());
  }

  @Test
  void settingsAreYaml() {
    assertEquals(
        Map.of("network", Map.of("block_out_channels", List.of(8, 16))),
        ConfigSources.setting("network.block_out_channels=[8, 16]"));
    assertNull(training("clip_norm=null").clipNorm());
    assertEquals(2e-4, training("learning_rate=2e-4").rate().learningRate(), 1e-12);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.batch=0 | training.batch: 0 (expected: at least 1)",
        "training.batch=many | training.batch: many (expected: a whole number)",
        "training.batch=null | training.batch: no value (expected: whole number, at least 1)",
        "training.batch=1.5 | training.batch: 1.5 (expected: a whole number)",
        "training.iterations=3000000000 | training.iterations: 3000000000 (expected: a whole number"
            + " of fewer digits, or null for no such limit)",
        "training.learning_rate=.inf | training.learning_rate: Infinity (expected: a number)",
        "training.learning_rate=NaN | training.learning_rate: NaN (expected: a number)",
        "data.source=' ' | data.source:   (expected: a place or a name)",
        "batch=3 | batch: unknown key (did you mean training.batch?)",
        "name=linear | name: unknown key (did you mean schedule.name?)",
        "training.accumulate=0 | training.accumulate: 0 (expected: at least 1)",
        "loss.timesteps=uniforn | loss.timesteps: unknown name 'uniforn' (expected one of: uniform,"
            + " antithetic, second_moment",
        "loss.offset_noise=-1 | loss.offset_noise: -1.0 (expected: at least 0)",
        "training.batsh=3 | training.batsh: unknown key (did you mean training.batch?)",
        "trainnig.batch=3 | trainnig: unknown key (did you mean training?)",
        "training=3 | training: 3 (expected: keys and values)",
        "training.label_dropout=1 | training.label_dropout: 1.0 (expected: 0 up to 1)",
        "ema.max_decay=1 | ema.max_decay: 1.0 (expected: 0 up to 1)",
        "training.decay=cosin | training.decay: unknown name 'cosin'",
        "schedule.name=cosine | schedule.name: unknown name 'cosine'",
        "prediction_type=noise | prediction_type: unknown name 'noise'",
        "sampling.sampler=ddmi | sampling.sampler: unknown name 'ddmi'",
        "schedule.timesteps=0 | schedule.timesteps: 0 (expected: at least 1)",
        "data.augmentation.flip=true | data.augmentation.flip: unknown key (known here:"
            + " horizontal_flip, vertical_flip, translation)",
        "data.augmentation.translation=-1 | data.augmentation.translation: -1 (expected: at least"
            + " 0)",
        "output.keep=0 | output.keep: 0 (expected: at least 1)",
        "output.held_out=-1 | output.held_out: -1 (expected: 0 to 100000)",
        "output.held_out=100001 | output.held_out: 100001 (expected: 0 to 100000)",
        "training.restore_after=0 | training.restore_after: 0 (expected: at least 1)",
        "ema.rates=0.9,1 | ema.rates: [0.9, 1.0] (expected: different ones, each 0 up to 1)",
        "ema.rates=0.9,0.9 | ema.rates: [0.9, 0.9] (expected: different ones, each 0 up to 1)",
        "ema.rates=0.995 | ema.rates: [0.995] (expected: others than ema.max_decay)",
        "ema.sigma_rel=0.3 | ema.sigma_rel: [0.3] (expected: different ones, each above 0, at most 0.28)",
        "ema.snapshot_every=3 | ema.snapshot_every: 3 (expected: null, or averages in ema.sigma_rel to take snapshots of)"
      })
  void mistakesAreNamedWithTheExpectation(String setting, String message) {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> TrainingConfig.of(ConfigSources.setting(setting)));
    assertTrue(String.valueOf(error.getMessage()).startsWith(message), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"32x48", "32,48", "32, 48", "[32,48]", "[32, 48]", "32×48"})
  void aListIsWrittenAsPeopleWriteIt(String text) {
    TrainingConfig config = TrainingConfig.of(ConfigSources.setting("data.size=" + text));
    assertEquals(32, config.data().options().height());
    assertEquals(48, config.data().options().width());
  }

  @ParameterizedTest
  @ValueSource(strings = {"32", "[32]", "32x32", "32.0"})
  void aSingleValueIsAListOfOne(String text) {
    TrainingConfig config = TrainingConfig.of(ConfigSources.setting("data.size=" + text));
    assertEquals(32, config.data().options().height());
    assertEquals(32, config.data().options().width());
  }

  @Test
  void listsOfNumbersNeedNoBrackets() {
    assertEquals(
        List.of(0.1, 0.02),
        TrainingConfig.of(ConfigSources.setting("schedule.trained_betas=0.1,2e-2"))
            .schedule()
            .trainedBetas());
    assertEquals(
        new DataOptions.Range(-1, 1),
        TrainingConfig.of(ConfigSources.setting("data.range=-1,1")).data().options().range());
  }

  @ParameterizedTest
  @ValueSource(strings = {"32x", "x32", "32,,32", "32 32", "32x-1", "a", "[32, ]x", "1.5", "true"})
  void whatIsNoListIsRefused(String text) {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> TrainingConfig.of(ConfigSources.setting("data.size=" + text)));
    assertTrue(String.valueOf(error.getMessage()).contains("data.size"), error.getMessage());
  }

  @Test
  void ofTwoLinesWithOneKeyNeitherIsTaken(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("my.yaml"), "ema: {power: 1, power: 2}\n");
    String said =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> ConfigSources.file(file))
                .getMessage());
    assertTrue(said.contains("found duplicate key power"), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"batch", "=3", "", "training.batch=", "training.batch= "})
  void aSettingNeedsAKeyAndAValue(String setting) {
    assertThrows(IllegalArgumentException.class, () -> ConfigSources.setting(setting));
  }

  @Test
  void anUnknownPresetIsAnsweredWithTheKnownOnes() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> ConfigSources.preset("digit"));
    assertTrue(
        String.valueOf(error.getMessage()).contains("did you mean digits?"), error.getMessage());
  }
}
