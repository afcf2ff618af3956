package dev.ancestral.trainer.network.unet;

import dev.ancestral.trainer.config.SettingGroup;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkFamily;
import dev.ancestral.trainer.network.NetworkTask;
import java.util.Map;

/** The image U-Net under the name {@code unet}. */
public final class UnetFamily implements NetworkFamily {
  @Override
  public String name() {
    return "unet";
  }

  @Override
  public SettingGroup settings() {
    return UnetConfig.SETTINGS;
  }

  @Override
  public Network create(Map<String, Object> settings, NetworkTask task, long seed) {
    UnetConfig config = UnetConfig.of(settings, task);
    return new Network(new Unet(config, seed), config.settings(), config.toDiffusers(), true);
  }
}
