package dev.ancestral.trainer.network.score;

import dev.ancestral.trainer.config.Section;
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
  private static final int WIDTH = 128;
  private static final int LAYERS = 2;

  @Override
  public String name() {
    return "score_mlp";
  }

  @Override
  public Network create(Map<String, Object> settings, NetworkTask task, long seed) {
    check(task);
    Section section = new Section("network", settings);
    int width = section.integer("width", WIDTH);
    int layers = section.integer("hidden_layers", LAYERS);
    section.finish();
    if (width < 1 || layers < 1) {
      throw new IllegalArgumentException(
          "network: width %d, hidden_layers %d (expected: each at least 1)"
              .formatted(width, layers));
    }
    int features = Math.toIntExact(task.shape().get(0));
    Map<String, Object> spelledOut = new LinkedHashMap<>();
    spelledOut.put("width", width);
    spelledOut.put("hidden_layers", layers);
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
