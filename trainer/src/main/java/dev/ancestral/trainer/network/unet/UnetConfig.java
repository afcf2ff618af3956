package dev.ancestral.trainer.network.unet;

import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.layer.Scope;
import dev.ancestral.trainer.network.layer.SelfAttention;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be chosen about a U-Net, under the names of {@code UNet2DModel}'s configuration.
 *
 * @param height of a sample; every level but the last halves it
 * @param width of a sample
 * @param blockOutChannels channels of each level, largest resolution first
 * @param addAttention whether the middle has attention
 * @param attentionHeadDim channels of one attention head; null for a single head
 * @param numClassEmbeds labels with the null label; null for an unconditional network
 */
record UnetConfig(
    int height,
    int width,
    int inChannels,
    int outChannels,
    List<Integer> blockOutChannels,
    List<String> downBlockTypes,
    List<String> upBlockTypes,
    int layersPerBlock,
    boolean addAttention,
    @Nullable Integer attentionHeadDim,
    int normNumGroups,
    double normEps,
    double dropout,
    int freqShift,
    boolean flipSinToCos,
    @Nullable Integer numClassEmbeds) {
  static final String DOWN = "DownBlock2D";
  static final String ATTENTION_DOWN = "AttnDownBlock2D";
  static final String UP = "UpBlock2D";
  static final String ATTENTION_UP = "AttnUpBlock2D";
  private static final int TIME_EMBEDDING_FACTOR = 4;

  UnetConfig {
    blockOutChannels = List.copyOf(blockOutChannels);
    downBlockTypes = List.copyOf(downBlockTypes);
    upBlockTypes = List.copyOf(upBlockTypes);
    int levels = blockOutChannels.size();
    if (levels == 0) {
      throw new IllegalArgumentException(
          "network.block_out_channels: none (expected: at least 1 level)");
    }
    checkTypes("down_block_types", downBlockTypes, levels, List.of(DOWN, ATTENTION_DOWN));
    checkTypes("up_block_types", upBlockTypes, levels, List.of(UP, ATTENTION_UP));
    int divisor = 1 << (levels - 1);
    if (height % divisor != 0 || width % divisor != 0) {
      throw new IllegalArgumentException(
          "image size: %d×%d (expected: multiples of %d, which %d levels can halve)"
              .formatted(height, width, divisor, levels));
    }
    if (layersPerBlock < 1) {
      throw new IllegalArgumentException(
          "network.layers_per_block: %d (expected: at least 1)".formatted(layersPerBlock));
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "network.dropout: %s (expected: 0 up to 1)".formatted(dropout));
    }
  }

  private static void checkTypes(
      String key, List<String> types, int levels, List<String> expected) {
    if (types.size() != levels) {
      throw new IllegalArgumentException(
          "network.%s: %d entries (expected: %d, one for each of block_out_channels)"
              .formatted(key, types.size(), levels));
    }
    for (String type : types) {
      if (!expected.contains(type)) {
        throw new IllegalArgumentException(
            "network.%s: %s (expected: %s)".formatted(key, type, String.join(" or ", expected)));
      }
    }
  }

  /** The settings of a training configuration, completed by what the data ask. */
  static UnetConfig of(Map<String, Object> settings, NetworkTask task) {
    if (task.shape().size() != 3) {
      throw new IllegalArgumentException(
          "network: unet on data of shape %s (expected: [channels, height, width])"
              .formatted(task.shape()));
    }
    Section section = new Section("network", settings);
    int channels = Math.toIntExact(task.shape().get(0));
    List<Integer> blocks = section.integers("block_out_channels", List.of(32, 64));
    UnetConfig config =
        new UnetConfig(
            Math.toIntExact(task.shape().get(1)),
            Math.toIntExact(task.shape().get(2)),
            channels,
            task.outputs(),
            blocks,
            section.strings("down_block_types", blocks.stream().map(c -> DOWN).toList()),
            section.strings("up_block_types", blocks.stream().map(c -> UP).toList()),
            section.integer("layers_per_block", 2),
            section.flag("add_attention", true),
            section.optionalInteger("attention_head_dim", 8),
            section.integer("norm_num_groups", 8),
            section.number("norm_eps", 1e-5),
            section.number("dropout", 0),
            section.integer("freq_shift", 0),
            section.flag("flip_sin_to_cos", true),
            task.classEmbeddings());
    section.finish();
    return config;
  }

  int levels() {
    return blockOutChannels.size();
  }

  int timeEmbeddingSize() {
    return TIME_EMBEDDING_FACTOR * blockOutChannels.get(0);
  }

  SelfAttention attention(Scope scope, int channels) {
    int headSize = attentionHeadDim == null ? channels : attentionHeadDim;
    return new SelfAttention(scope, channels, headSize, normNumGroups, normEps);
  }

  /** As a training configuration has it: without what follows from the data. */
  Map<String, Object> settings() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("block_out_channels", blockOutChannels);
    map.put("down_block_types", downBlockTypes);
    map.put("up_block_types", upBlockTypes);
    map.put("layers_per_block", layersPerBlock);
    map.put("add_attention", addAttention);
    map.put("attention_head_dim", attentionHeadDim);
    map.put("norm_num_groups", normNumGroups);
    map.put("norm_eps", normEps);
    map.put("dropout", dropout);
    map.put("freq_shift", freqShift);
    map.put("flip_sin_to_cos", flipSinToCos);
    return map;
  }

  /** As {@code unet/config.json} has it. */
  Map<String, Object> toDiffusers() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("_class_name", "UNet2DModel");
    map.put("sample_size", height == width ? (Object) height : List.of(height, width));
    map.put("in_channels", inChannels);
    map.put("out_channels", outChannels);
    map.put("center_input_sample", false);
    map.put("time_embedding_type", "positional");
    map.put("freq_shift", freqShift);
    map.put("flip_sin_to_cos", flipSinToCos);
    map.put("down_block_types", downBlockTypes);
    map.put("mid_block_type", "UNetMidBlock2D");
    map.put("up_block_types", upBlockTypes);
    map.put("block_out_channels", blockOutChannels);
    map.put("layers_per_block", layersPerBlock);
    map.put("mid_block_scale_factor", 1);
    map.put("downsample_padding", 1);
    map.put("downsample_type", "conv");
    map.put("upsample_type", "conv");
    map.put("dropout", dropout);
    map.put("act_fn", "silu");
    map.put("attention_head_dim", attentionHeadDim);
    map.put("norm_num_groups", normNumGroups);
    map.put("norm_eps", normEps);
    map.put("resnet_time_scale_shift", "default");
    map.put("add_attention", addAttention);
    map.put("class_embed_type", null);
    map.put("num_class_embeds", numClassEmbeds);
    return map;
  }
}
