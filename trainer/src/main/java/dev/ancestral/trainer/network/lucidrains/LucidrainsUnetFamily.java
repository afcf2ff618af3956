package dev.ancestral.trainer.network.lucidrains;

import dev.ancestral.trainer.config.SettingGroup;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkFamily;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.twores.TwoResUnet;
import java.util.Map;

/** The image U-Net with attention at every level under the name {@code lucidrains_unet}. */
public final class LucidrainsUnetFamily implements NetworkFamily {
  @Override
  public String name() {
    return "lucidrains_unet";
  }

  @Override
  public SettingGroup settings() {
    return LucidrainsConfig.SETTINGS;
  }

  @Override
  public Network create(Map<String, Object> settings, NetworkTask task, long seed) {
    LucidrainsConfig config = LucidrainsConfig.of(name(), settings, task);
    return new Network(
        new TwoResUnet(config.unet(), new LucidrainsParts(config), seed),
        config.settings(),
        config.unet().describe("LucidrainsUnet", config.settings()),
        true);
  }
}
