package dev.ancestral.trainer.network.unet;

import dev.ancestral.trainer.config.Bounds;
import dev.ancestral.trainer.config.NetworkConfig;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.config.Setting;
import dev.ancestral.trainer.config.SettingGroup;
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

  private static final Setting<List<Integer>> BLOCK_OUT_CHANNELS =
      Setting.integers(
              "network.block_out_channels", "channels of each level, largest resolution first")
          .within(
              new Bounds<>(
                  levels -> !levels.isEmpty() && levels.stream().allMatch(c -> c >= 1),
                  "at least 1 level, each at least 1"))
          .or(List.of(32, 64));
  private static final Setting<List<String>> DOWN_BLOCK_TYPES =
      Setting.texts("network.down_block_types", "of each level on the way down")
          .within(each(List.of(DOWN, ATTENTION_DOWN)))
          .orAs(DOWN + " everywhere");
  private static final Setting<List<String>> UP_BLOCK_TYPES =
      Setting.texts("network.up_block_types", "of each level on the way up, smallest first")
          .within(each(List.of(UP, ATTENTION_UP)))
          .orAs(UP + " everywhere");
  private static final Setting<Integer> LAYERS_PER_BLOCK =
      Setting.integer("network.layers_per_block", "ResNet blocks of a level on the way down")
          .within(Bounds.atLeast(1))
          .or(2);
  private static final Setting<Boolean> ADD_ATTENTION =
      Setting.flag("network.add_attention", "whether the middle has attention").or(true);
  private static final Setting<Integer> ATTENTION_HEAD_DIM =
      Setting.integer(
              "network.attention_head_dim",
              "channels of an attention head; divides those of a level")
          .within(Bounds.atLeast(1))
          .or(8)
          .orNull("a single head");
  private static final Setting<Integer> NORM_NUM_GROUPS =
      Setting.integer(
              "network.norm_num_groups",
              "groups of a normalisation; divides the channels of a level")
          .within(Bounds.atLeast(1))
          .or(8);
  private static final Setting<Double> NORM_EPS =
      Setting.number("network.norm_eps", "what a normalisation adds to the variance")
          .within(Bounds.above(0))
          .or(1e-5);
  private static final Setting<Double> DROPOUT =
      Setting.number(
              "network.dropout", "share of the numbers set to zero in a block while training")
          .within(Bounds.share())
          .or(0.0);
  private static final Setting<Integer> FREQ_SHIFT =
      Setting.integer(
              "network.freq_shift", "of the timestep's embedding: 0, or 1 as in the transformer")
          .within(new Bounds<>(shift -> shift == 0 || shift == 1, "0 or 1"))
          .or(0);
  private static final Setting<Boolean> FLIP_SIN_TO_COS =
      Setting.flag(
              "network.flip_sin_to_cos", "whether cosines come first in the timestep's embedding")
          .or(true);

  static final SettingGroup SETTINGS =
      NetworkConfig.SETTINGS.and(
          BLOCK_OUT_CHANNELS,
          DOWN_BLOCK_TYPES,
          UP_BLOCK_TYPES,
          LAYERS_PER_BLOCK,
          ADD_ATTENTION,
          ATTENTION_HEAD_DIM,
          NORM_NUM_GROUPS,
          NORM_EPS,
          DROPOUT,
          FREQ_SHIFT,
          FLIP_SIN_TO_COS);

  private static Bounds<List<String>> each(List<String> known) {
    return new Bounds<>(
        types -> known.containsAll(types), "for each level " + String.join(" or ", known));
  }

  UnetConfig {
    blockOutChannels = List.copyOf(blockOutChannels);
    downBlockTypes = List.copyOf(downBlockTypes);
    upBlockTypes = List.copyOf(upBlockTypes);
    BLOCK_OUT_CHANNELS.check(blockOutChannels);
    LAYERS_PER_BLOCK.check(layersPerBlock);
    NORM_EPS.check(normEps);
    DROPOUT.check(dropout);
    int levels = blockOutChannels.size();
    checkTypes(DOWN_BLOCK_TYPES, downBlockTypes, levels);
    checkTypes(UP_BLOCK_TYPES, upBlockTypes, levels);
    int divisor = 1 << (levels - 1);
    if (height % divisor != 0 || width % divisor != 0) {
      throw new IllegalArgumentException(
          "image size: %d×%d (expected: multiples of %d, which %d levels can halve)"
              .formatted(height, width, divisor, levels));
    }
  }

  private static void checkTypes(Setting<List<String>> setting, List<String> types, int levels) {
    setting.check(types);
    if (types.size() != levels) {
      throw setting.wrong(
          types.size() + " entries", levels + ", one for each of block_out_channels");
    }
  }

  /** The settings of a training configuration, completed by what the data ask. */
  static UnetConfig of(Map<String, Object> settings, NetworkTask task) {
    if (task.shape().size() != 3) {
      throw new IllegalArgumentException(
          "network: unet on data of shape %s (expected: [channels, height, width])"
              .formatted(task.shape()));
    }
    Section section = new Section(SETTINGS, settings);
    int channels = Math.toIntExact(task.shape().get(0));
    List<Integer> blocks = section.get(BLOCK_OUT_CHANNELS);
    UnetConfig config =
        new UnetConfig(
            Math.toIntExact(task.shape().get(1)),
            Math.toIntExact(task.shape().get(2)),
            channels,
            task.outputs(),
            blocks,
            section.get(DOWN_BLOCK_TYPES, blocks.stream().map(c -> DOWN).toList()),
            section.get(UP_BLOCK_TYPES, blocks.stream().map(c -> UP).toList()),
            section.get(LAYERS_PER_BLOCK),
            section.get(ADD_ATTENTION),
            section.find(ATTENTION_HEAD_DIM),
            section.get(NORM_NUM_GROUPS),
            section.get(NORM_EPS),
            section.get(DROPOUT),
            section.get(FREQ_SHIFT),
            section.get(FLIP_SIN_TO_COS),
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
    map.put(BLOCK_OUT_CHANNELS.name(), blockOutChannels);
    map.put(DOWN_BLOCK_TYPES.name(), downBlockTypes);
    map.put(UP_BLOCK_TYPES.name(), upBlockTypes);
    map.put(LAYERS_PER_BLOCK.name(), layersPerBlock);
    map.put(ADD_ATTENTION.name(), addAttention);
    map.put(ATTENTION_HEAD_DIM.name(), attentionHeadDim);
    map.put(NORM_NUM_GROUPS.name(), normNumGroups);
    map.put(NORM_EPS.name(), normEps);
    map.put(DROPOUT.name(), dropout);
    map.put(FREQ_SHIFT.name(), freqShift);
    map.put(FLIP_SIN_TO_COS.name(), flipSinToCos);
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
