package dev.ancestral.trainer.network.twores;

import dev.ancestral.trainer.config.Bounds;
import dev.ancestral.trainer.config.NetworkConfig;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.config.Setting;
import dev.ancestral.trainer.config.SettingGroup;
import dev.ancestral.trainer.network.NetworkTask;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What can be chosen about every U-Net of this shape, under the names of its original.
 *
 * @param height of a sample; every level but the last halves it
 * @param width of a sample
 * @param inChannels channels of a sample
 * @param outChannels channels of the answer, those of a learned variance included
 * @param dim channels of the first level at a multiplier of 1; even, since half of the timestep's
 *     embedding are sines and half cosines
 * @param initDim channels of the stem and of the last block
 * @param dimMults for each level, largest resolution first, what {@code dim} is multiplied by
 * @param classEmbeddings labels with the null label; null for an unconditional network
 */
public record TwoResConfig(
    int height,
    int width,
    int inChannels,
    int outChannels,
    int dim,
    int initDim,
    List<Integer> dimMults,
    @Nullable Integer classEmbeddings) {
  private static final int EMBEDDING_FACTOR = 4;

  private static final Setting<Integer> DIM =
      Setting.integer("network.dim", "channels of the first level at a multiplier of 1")
          .within(new Bounds<>(dim -> dim >= 4 && dim % 2 == 0, "even, at least 4"))
          .or(64);
  private static final Setting<Integer> INIT_DIM =
      Setting.integer("network.init_dim", "channels of the stem and of the last block")
          .within(Bounds.atLeast(1))
          .orAs("network.dim");
  private static final Setting<List<Integer>> DIM_MULTS =
      Setting.integers(
              "network.dim_mults",
              "what dim is multiplied by at each level, largest resolution first")
          .within(
              new Bounds<>(
                  mults -> !mults.isEmpty() && mults.stream().allMatch(mult -> mult >= 1),
                  "at least 1 level, each at least 1"))
          .or(List.of(1, 2, 4, 8));

  /** What every U-Net of this shape has; each adds its own. */
  public static final SettingGroup SETTINGS = NetworkConfig.SETTINGS.and(DIM, INIT_DIM, DIM_MULTS);

  /** Checks that each level can halve the size. */
  public TwoResConfig {
    dimMults = List.copyOf(dimMults);
    DIM.check(dim);
    INIT_DIM.check(initDim);
    DIM_MULTS.check(dimMults);
    long divisor = 1L << Math.min(dimMults.size() - 1, Integer.SIZE);
    if (height % divisor != 0 || width % divisor != 0) {
      throw new IllegalArgumentException(
          "image size: %d×%d (expected: multiples of %d, which %d levels can halve)"
              .formatted(height, width, divisor, dimMults.size()));
    }
  }

  /**
   * Reads the settings of a training configuration, and leaves the section to be finished.
   *
   * @param family the network's name, for messages
   * @throws IllegalArgumentException naming the setting that does not fit
   */
  public static TwoResConfig of(String family, Section section, NetworkTask task) {
    if (task.shape().size() != 3) {
      throw new IllegalArgumentException(
          "network: %s on data of shape %s (expected: [channels, height, width])"
              .formatted(family, task.shape()));
    }
    int dim = section.get(DIM);
    return new TwoResConfig(
        Math.toIntExact(task.shape().get(1)),
        Math.toIntExact(task.shape().get(2)),
        Math.toIntExact(task.shape().get(0)),
        task.outputs(),
        dim,
        section.get(INIT_DIM, dim),
        section.get(DIM_MULTS),
        task.classEmbeddings());
  }

  /** How many resolutions there are. */
  public int levels() {
    return dimMults.size();
  }

  /** What a block is told of timestep and label. */
  public int embeddingSize() {
    return Math.multiplyExact(EMBEDDING_FACTOR, dim);
  }

  /** Channels before the first level, between the levels, and after the last one. */
  List<Integer> channels() {
    return IntStream.concat(
            IntStream.of(initDim),
            dimMults.stream().mapToInt(mult -> Math.multiplyExact(dim, mult)))
        .boxed()
        .toList();
  }

  /** As a training configuration has it: without what follows from the data. */
  public Map<String, Object> settings() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(DIM.name(), dim);
    map.put(INIT_DIM.name(), initDim);
    map.put(DIM_MULTS.name(), dimMults);
    return map;
  }

  /**
   * What another program needs to build the same network.
   *
   * @param className what the network is called there
   * @param settings all of them, those of the one network included
   */
  public Map<String, Object> describe(String className, Map<String, Object> settings) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("_class_name", className);
    map.put("sample_size", height == width ? (Object) height : List.of(height, width));
    map.put("in_channels", inChannels);
    map.put("out_channels", outChannels);
    map.putAll(settings);
    map.put("num_class_embeds", classEmbeddings);
    return map;
  }
}
