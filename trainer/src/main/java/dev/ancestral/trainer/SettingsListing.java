package dev.ancestral.trainer;

import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.Setting;
import dev.ancestral.trainer.config.SettingGroup;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.loss.Losses;
import dev.ancestral.trainer.network.Networks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code train --list-settings} prints: every setting, made from its one declaration. */
final class SettingsListing {
  private static final String HEADING =
      """
      Every setting of train: its type and bounds, its default, and what it is for.
      As --set KEY=VALUE (repeatable), or in a file for --config, in YAML.
      A list is written as 32x48, 32,48 or [32, 48]; a single value will do for a list of one.
      Brackets are a pattern to some shells: quote them, or use another form.
      What has a * may change in a run that goes on: train --resume --out RUN --set KEY=VALUE.
      """;

  private SettingsListing() {}

  static String text() {
    StringBuilder text = new StringBuilder(HEADING);
    text.append("\nPresets, for --preset\n    ")
        .append(String.join(", ", ConfigSources.presets()))
        .append('\n');
    add(text, TrainingConfig.SETTINGS);
    return text.toString();
  }

  private static void add(StringBuilder text, SettingGroup group) {
    if (!group.settings().isEmpty()) {
      title(text, group.path().isEmpty() ? "At the top" : "Section " + group.path());
      group.settings().forEach(setting -> add(text, setting));
    }
    Map<String, SettingGroup> families = families(group);
    if (!families.isEmpty()) {
      text.append("      types: ").append(String.join(", ", families.keySet())).append('\n');
    }
    byOwnSettings(group, families)
        .forEach(
            (own, names) -> {
              title(
                  text,
                  "Section %1$s, where %1$s.type is %2$s"
                      .formatted(group.path(), String.join(" or ", names)));
              own.forEach(setting -> add(text, setting));
            });
    group.sections().forEach(section -> add(text, section));
  }

  /** The settings of each type that the section may have, by its name. */
  private static Map<String, SettingGroup> families(SettingGroup group) {
    return switch (group.path()) {
      case "network" -> Networks.settings();
      case "loss" -> Losses.settings();
      default -> Map.of();
    };
  }

  /** The names of the types that have the same settings besides the section's, if they have any. */
  private static Map<List<Setting<?>>, List<String>> byOwnSettings(
      SettingGroup group, Map<String, SettingGroup> families) {
    Map<List<Setting<?>>, List<String>> names = new LinkedHashMap<>();
    families.forEach(
        (name, family) -> {
          List<Setting<?>> own = new ArrayList<>(family.settings());
          own.removeAll(group.settings());
          if (!own.isEmpty()) {
            names.computeIfAbsent(own, none -> new ArrayList<>()).add(name);
          }
        });
    return names;
  }

  private static void title(StringBuilder text, String title) {
    text.append('\n').append(title).append('\n');
  }

  private static void add(StringBuilder text, Setting<?> setting) {
    text.append(
        "  %s: %s (default: %s)%s%n      %s%n"
            .formatted(
                setting.key(),
                setting.kind(),
                setting.defaultInWords(),
                setting.isChangeable() ? " *" : "",
                setting.purpose()));
  }
}
