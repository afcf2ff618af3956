package dev.ancestral.trainer.network.convnext;

import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.config.Setting;
import dev.ancestral.trainer.config.SettingGroup;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkFamily;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.twores.TwoResConfig;
import dev.ancestral.trainer.network.twores.TwoResUnet;
import java.util.LinkedHashMap;
import java.util.Map;

/** The image U-Net of ConvNeXt blocks under the name {@code convnext_unet}. */
public final class ConvNextUnetFamily implements NetworkFamily {
  private static final Setting<Boolean> GATES =
      Setting.flag("network.attention_gates", "whether the skips have attention gates").or(false);
  private static final SettingGroup SETTINGS = TwoResConfig.SETTINGS.and(GATES);

  @Override
  public String name() {
    return "convnext_unet";
  }

  @Override
  public SettingGroup settings() {
    return SETTINGS;
  }

  @Override
  public Network create(Map<String, Object> settings, NetworkTask task, long seed) {
    Section section = new Section(SETTINGS, settings);
    TwoResConfig config = TwoResConfig.of(name(), section, task);
    boolean gated = section.get(GATES);
    section.finish();
    Map<String, Object> spelledOut = new LinkedHashMap<>(config.settings());
    spelledOut.put(GATES.name(), gated);
    return new Network(
        new TwoResUnet(config, new ConvNextParts(config.embeddingSize(), gated), seed),
        spelledOut,
        config.describe("ConvNextUnet", spelledOut),
        true);
  }
}
