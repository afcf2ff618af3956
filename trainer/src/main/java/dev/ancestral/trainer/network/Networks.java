package dev.ancestral.trainer.network;

import dev.ancestral.diffusion.Names;
import dev.ancestral.trainer.config.SettingGroup;
import dev.ancestral.trainer.network.convnext.ConvNextUnetFamily;
import dev.ancestral.trainer.network.lucidrains.LucidrainsUnetFamily;
import dev.ancestral.trainer.network.mlp.ConditionalMlpFamily;
import dev.ancestral.trainer.network.score.ScoreMlpFamily;
import dev.ancestral.trainer.network.unet.UnetFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The registry of networks: a new family is one package and one line here. */
public final class Networks {
  private static final List<NetworkFamily> ALL =
      List.of(
          new UnetFamily(),
          new LucidrainsUnetFamily(),
          new ConvNextUnetFamily(),
          new ConditionalMlpFamily(),
          new ScoreMlpFamily());

  private Networks() {}

  /** The settings of each network, by its name. */
  public static Map<String, SettingGroup> settings() {
    Map<String, SettingGroup> settings = new LinkedHashMap<>();
    ALL.forEach(family -> settings.put(family.name(), family.settings()));
    return settings;
  }

  /** The known names. */
  public static List<String> names() {
    return ALL.stream().map(NetworkFamily::name).toList();
  }

  /**
   * The family of this name.
   *
   * @throws IllegalArgumentException naming it and the known ones
   */
  public static NetworkFamily of(String name) {
    return ALL.stream()
        .filter(family -> family.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Names.unknown("network.type", name, names()));
  }
}
