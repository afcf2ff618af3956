package dev.ancestral.trainer.network.mlp;

import dev.ancestral.trainer.config.Section;
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
  private static final int WIDTH = 128;
  private static final int LAYERS = 3;

  @Override
  public String name() {
    return "conditional_mlp";
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
    Section section = new Section("network", settings);
    int width = section.integer("width", WIDTH);
    int layers = section.integer("hidden_layers", LAYERS);
    section.finish();
    if (width < 1 || layers < 1) {
      throw new IllegalArgumentException(
          "network: width %d, hidden_layers %d (expected: each at least 1)"
              .formatted(width, layers));
    }
    Map<String, Object> spelledOut = new LinkedHashMap<>();
    spelledOut.put("width", width);
    spelledOut.put("hidden_layers", layers);
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
