package dev.ancestral.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.Setting;
import dev.ancestral.trainer.config.SettingGroup;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.loss.Losses;
import dev.ancestral.trainer.network.Networks;
import dev.ancestral.trainer.run.TrainingRun;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is listed is read, and what is read is listed. */
class SettingsListingTest {
  private static final String LISTED = SettingsListing.text();

  /** Settings of which nothing is ignored, for each type of network and loss. */
  private static Stream<Map<String, Object>> bases() {
    Stream<String[]> networks =
        Stream.of(
            new String[] {"network.type=unet", "loss.weighting=min_snr"},
            new String[] {
              "network.type=lucidrains_unet", "network.dim=8", "loss.weighting=min_snr"
            },
            new String[] {"network.type=convnext_unet", "network.dim=8", "loss.weighting=min_snr"},
            new String[] {
              "data.source=builtin:swiss-roll",
              "network.type=conditional_mlp",
              "loss.weighting=min_snr"
            },
            new String[] {
              "data.source=builtin:swiss-roll",
              "network.type=score_mlp",
              "schedule.sigmas=1",
              "prediction_type=score",
              "loss.type=denoising_score",
              "sampling.sampler=langevin"
            });
    Stream<String[]> losses =
        Stream.of(
            new String[] {"loss.type=mse", "loss.weighting=min_snr"},
            new String[] {"loss.type=l1", "loss.weighting=min_snr"},
            new String[] {"loss.type=huber", "loss.weighting=min_snr"},
            new String[] {"loss.type=hybrid", "sampling.variance=learned_range"});
    return Stream.concat(networks, losses).map(SettingsListingTest::merged);
  }

  private static Map<String, Object> merged(String... settings) {
    Map<String, Object> merged = Map.of("data", Map.of("source", "builtin:digits"));
    for (String setting : settings) {
      merged = ConfigSources.merge(merged, ConfigSources.setting(setting));
    }
    return merged;
  }

  private static String type(Map<String, Object> base, String section, String otherwise) {
    return base.get(section) instanceof Map<?, ?> map && map.get("type") != null
        ? String.valueOf(map.get("type"))
        : otherwise;
  }

  private static Set<Setting<?>> declaredFor(Map<String, Object> base) {
    Stream<Setting<?>> families =
        Stream.of(
                Networks.settings().get(type(base, "network", "unet")),
                Losses.settings().get(type(base, "loss", "mse")))
            .flatMap(SettingGroup::all);
    return Stream.concat(TrainingConfig.SETTINGS.all(), families).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("bases")
  void everySettingThatIsDeclaredIsRead(Map<String, Object> base) {
    TrainingRun.preview(TrainingConfig.of(base), System.err);
    for (Setting<?> setting : declaredFor(base)) {
      Map<String, Object> wrong =
          ConfigSources.merge(base, ConfigSources.setting(setting.key() + "={such: value}"));
      IllegalArgumentException error =
          assertThrows(
              IllegalArgumentException.class,
              () -> TrainingRun.preview(TrainingConfig.of(wrong), System.err),
              setting.key());
      String said = String.valueOf(error.getMessage());
      assertTrue(said.startsWith(setting.key() + ": ") && said.contains("{such=value}"), said);
    }
  }

  @ParameterizedTest
  @MethodSource("bases")
  void everySettingThatIsShownIsListed_andWhatIsDeclaredIsShown(Map<String, Object> base) {
    Set<String> shown = new TreeSet<>();
    keys("", TrainingRun.preview(TrainingConfig.of(base), System.err).config().toMap(), shown);
    shown.forEach(key -> assertTrue(LISTED.contains("  " + key + ": "), key));
    Set<String> hidden =
        declaredFor(base).stream().map(Setting::key).collect(Collectors.toCollection(TreeSet::new));
    hidden.removeAll(shown);
    // A sampler's own options stand in a configuration only where they are given.
    hidden.removeIf(key -> key.startsWith("sampling."));
    hidden.removeAll(
        List.of("schedule.arguments", "schedule.trained_betas", "schedule.sigmas", "loss.gamma"));
    assertEquals(Set.of(), hidden);
  }

  private static void keys(String path, Map<?, ?> map, Set<String> found) {
    map.forEach(
        (name, value) -> {
          String key = path.isEmpty() ? name.toString() : path + "." + name;
          if (value instanceof Map<?, ?> below && !key.equals("schedule.arguments")) {
            keys(key, below, found);
          } else {
            found.add(key);
          }
        });
  }

  @Test
  void everySettingIsExplainedWithBoundsAndDefault_andNothingElseIsAskedFor() {
    CommandRun run = CommandRun.of("train", "--list-settings");
    assertEquals(0, run.code(), run.err());
    assertEquals("", run.err());
    assertEquals(LISTED, run.out());
    for (String part :
        List.of(
            "  training.batch: whole number, at least 1 (default: 64)\n      samples of one pass",
            "  data.size: list of whole numbers, [side] or [height, width], or null for",
            "  training.clip_norm: number, above 0, or null for no limit (default: 1.0)\n",
            "Section loss, where loss.type is mse or l1\n",
            "  sampling.eta: value, 0..1 (default: 0.0 for ddim) *\n",
            String.join(", ", ConfigSources.presets()))) {
      assertTrue(LISTED.contains(part), () -> LISTED + "\n(expected to contain: " + part + ")");
    }
  }
}
