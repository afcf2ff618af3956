package dev.ancestral.trainer.network.mlp;

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
 * A multi-layer perceptron for points, under the name {@code conditional_mlp}: every hidden layer
 * is scaled, unit by unit, by a vector that is learned for each timestep. It looks timesteps up, so
 * fractions mean nothing to it.
 */
public final class ConditionalMlpFamily implements NetworkFamily {
  private static final Setting<Integer> WIDTH =
      Setting.integer("network.width", "units of a hidden layer").within(Bounds.atLeast(1)).or(128);
  private static final Setting<Integer> LAYERS =
      Setting.integer("network.hidden_layers", "how many hidden layers there are")
          .within(Bounds.atLeast(1))
          .or(3);
  private static final SettingGroup SETTINGS = NetworkConfig.SETTINGS.and(WIDTH, LAYERS);

  @Override
  public String name() {
    return "conditional_mlp";
  }

  @Override
  public SettingGroup settings() {
    return SETTINGS;
  }

  @Override
  public Network create(Map<String, Object> settings, NetworkTask task, long seed) {
    if (task.shape().size() != 1) {
      throw new IllegalArgumentException(
          "network: conditional_mlp on data of shape %s (expected: [features])"
              .formatted(task.shape()));
    }
    if (task.classEmbeddings() != null) {
      throw new IllegalArgumentException(
          "network: conditional_mlp knows no classes (expected: data.conditional false)");
    }
    Section section = new Section(SETTINGS, settings);
    int width = section.get(WIDTH);
    int layers = section.get(LAYERS);
    section.finish();
    Map<String, Object> spelledOut = new LinkedHashMap<>();
    spelledOut.put(WIDTH.name(), width);
    spelledOut.put(LAYERS.name(), layers);
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("_class_name", "ConditionalMlp");
    config.put("features", task.shape().get(0));
    config.put("outputs", task.outputs());
    config.put("timesteps", task.timesteps());
    config.putAll(spelledOut);
    int features = Math.toIntExact(task.shape().get(0));
    return new Network(
        new ConditionalMlp(features, task.outputs(), width, layers, task.timesteps(), seed),
        spelledOut,
        config,
        false);
  }
}
