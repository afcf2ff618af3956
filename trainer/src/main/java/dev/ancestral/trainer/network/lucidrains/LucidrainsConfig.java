package dev.ancestral.trainer.network.lucidrains;

import dev.ancestral.trainer.config.Section;
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
  private static final int HEADS = 4;
  private static final int HEAD_SIZE = 32;

  LucidrainsConfig {
    fullAttn = List.copyOf(fullAttn);
    if (fullAttn.size() != unet.levels()) {
      throw new IllegalArgumentException(
          "network.full_attn: %d entries (expected: %d, one for each of dim_mults)"
              .formatted(fullAttn.size(), unet.levels()));
    }
    if (attnHeads < 1 || attnDimHead < 1) {
      throw new IllegalArgumentException(
          "network: attn_heads %d, attn_dim_head %d (expected: each at least 1)"
              .formatted(attnHeads, attnDimHead));
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "network.dropout: %s (expected: 0 up to 1)".formatted(dropout));
    }
  }

  /** The settings of a training configuration, completed by what the data ask. */
  static LucidrainsConfig of(String family, Map<String, Object> settings, NetworkTask task) {
    Section section = new Section("network", settings);
    TwoResConfig unet = TwoResConfig.of(family, section, task);
    LucidrainsConfig config =
        new LucidrainsConfig(
            unet,
            section.flags("full_attn", lastOf(unet.levels())),
            section.integer("attn_heads", HEADS),
            section.integer("attn_dim_head", HEAD_SIZE),
            section.number("dropout", 0));
    section.finish();
    return config;
  }

  private static List<Boolean> lastOf(int levels) {
    return IntStream.range(0, levels).mapToObj(level -> level == levels - 1).toList();
  }

  /** As a training configuration has it: without what follows from the data. */
  Map<String, Object> settings() {
    Map<String, Object> map = new LinkedHashMap<>(unet.settings());
    map.put("full_attn", fullAttn);
    map.put("attn_heads", attnHeads);
    map.put("attn_dim_head", attnDimHead);
    map.put("dropout", dropout);
    return map;
  }
}
