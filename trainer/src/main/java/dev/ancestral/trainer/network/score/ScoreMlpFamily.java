package dev.ancestral.trainer.network.score;

import dev.ancestral.trainer.config.Bounds;
import dev.ancestral.trainer.config.NetworkConfig;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.config.Setting;
import dev.ancestral.trainer.config.SettingGroup;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkFamily;
import dev.ancestral.trainer.network.NetworkTask;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A multi-layer perceptron for points at one noise level, under the name {@code score_mlp}. It
 * takes a timestep like every network but makes no difference between them, so it refuses a
 * schedule that has more than one.
 */
public final class ScoreMlpFamily implements NetworkFamily {
  private static final Setting<Integer> WIDTH =
      Setting.integer("network.width", "units of a hidden layer").within(Bounds.atLeast(1)).or(128);
  private static final Setting<Integer> LAYERS =
      Setting.integer("network.hidden_layers", "how many hidden layers there are")
          .within(Bounds.atLeast(1))
          .or(2);
  private static final SettingGroup SETTINGS = NetworkConfig.SETTINGS.and(WIDTH, LAYERS);

  @Override
  public String name() {
    return "score_mlp";
  }

  @Override
  public SettingGroup settings() {
    return SETTINGS;
  }

  @Override
  public Network create(Map<String, Object> settings, NetworkTask task, long seed) {
    check(task);
    Section section = new Section(SETTINGS, settings);
    int width = section.get(WIDTH);
    int layers = section.get(LAYERS);
    section.finish();
    int features = Math.toIntExact(task.shape().get(0));
    Map<String, Object> spelledOut = new LinkedHashMap<>();
    spelledOut.put(WIDTH.name(), width);
    spelledOut.put(LAYERS.name(), layers);
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("_class_name", "ScoreMlp");
    config.put("features", features);
    config.put("outputs", task.outputs());
    config.putAll(spelledOut);
    return new Network(
        new ScoreMlp(features, task.outputs(), width, layers, seed), spelledOut, config, false);
  }

  private static void check(NetworkTask task) {
    if (task.shape().size() != 1) {
      throw new IllegalArgumentException(
          "network: score_mlp on data of shape %s (expected: [features])".formatted(task.shape()));
    }
    if (task.classEmbeddings() != null) {
      throw new IllegalArgumentException(
          "network: score_mlp knows no classes (expected: data.conditional false)");
    }
    if (task.timesteps() != 1) {
      throw new IllegalArgumentException(
          "network: score_mlp with %d timesteps (expected: 1, it knows a single noise level)"
              .formatted(task.timesteps()));
    }
  }
}
