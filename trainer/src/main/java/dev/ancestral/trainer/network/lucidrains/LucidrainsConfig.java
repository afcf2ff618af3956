package dev.ancestral.trainer.network.lucidrains;

import dev.ancestral.trainer.config.Bounds;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.config.Setting;
import dev.ancestral.trainer.config.SettingGroup;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.twores.TwoResConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What can be chosen, under the names of the original's arguments.
 *
 * @param unet what any U-Net of this shape has
 * @param fullAttn for each level whether its attention is full rather than linear
 * @param attnHeads heads of every attention
 * @param attnDimHead channels of each head
 * @param dropout share of the numbers set to zero between a block's convolutions while training
 */
record LucidrainsConfig(
    TwoResConfig unet, List<Boolean> fullAttn, int attnHeads, int attnDimHead, double dropout) {
  private static final Setting<List<Boolean>> FULL_ATTN =
      Setting.flags(
              "network.full_attn",
              "for each level whether its attention is full rather than linear")
          .orAs("the last level alone");
  private static final Setting<Integer> ATTN_HEADS =
      Setting.integer("network.attn_heads", "heads of every attention")
          .within(Bounds.atLeast(1))
          .or(4);
  private static final Setting<Integer> ATTN_DIM_HEAD =
      Setting.integer("network.attn_dim_head", "channels of each head")
          .within(Bounds.atLeast(1))
          .or(32);
  private static final Setting<Double> DROPOUT =
      Setting.number(
              "network.dropout", "share of the numbers set to zero in a block while training")
          .within(Bounds.share())
          .or(0.0);

  static final SettingGroup SETTINGS =
      TwoResConfig.SETTINGS.and(FULL_ATTN, ATTN_HEADS, ATTN_DIM_HEAD, DROPOUT);

  LucidrainsConfig {
    fullAttn = List.copyOf(fullAttn);
    if (fullAttn.size() != unet.levels()) {
      throw FULL_ATTN.wrong(
          fullAttn.size() + " entries", unet.levels() + ", one for each of dim_mults");
    }
    ATTN_HEADS.check(attnHeads);
    ATTN_DIM_HEAD.check(attnDimHead);
    DROPOUT.check(dropout);
  }

  /** The settings of a training configuration, completed by what the data ask. */
  static LucidrainsConfig of(String family, Map<String, Object> settings, NetworkTask task) {
    Section section = new Section(SETTINGS, settings);
    TwoResConfig unet = TwoResConfig.of(family, section, task);
    LucidrainsConfig config =
        new LucidrainsConfig(
            unet,
            section.get(FULL_ATTN, lastOf(unet.levels())),
            section.get(ATTN_HEADS),
            section.get(ATTN_DIM_HEAD),
            section.get(DROPOUT));
    section.finish();
    return config;
  }

  private static List<Boolean> lastOf(int levels) {
    return IntStream.range(0, levels).mapToObj(level -> level == levels - 1).toList();
  }

  /** As a training configuration has it: without what follows from the data. */
  Map<String, Object> settings() {
    Map<String, Object> map = new LinkedHashMap<>(unet.settings());
    map.put(FULL_ATTN.name(), fullAttn);
    map.put(ATTN_HEADS.name(), attnHeads);
    map.put(ATTN_DIM_HEAD.name(), attnDimHead);
    map.put(DROPOUT.name(), dropout);
    return map;
  }
}
