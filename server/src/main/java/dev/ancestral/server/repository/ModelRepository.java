package dev.ancestral.server.repository;

import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The loaded models by name. What is loaded does not change; thread-safe. Owns the engines: close
 * it last.
 */
public final class ModelRepository implements AutoCloseable {
  private final Map<String, ServedModel> models;
  private final List<String> problems;

  private ModelRepository(Map<String, ServedModel> models, List<String> problems) {
    this.models = Collections.unmodifiableMap(models);
    this.problems = List.copyOf(problems);
  }

  /** A repository of these models, which it owns from here on. */
  public static ModelRepository of(Collection<ServedModel> models) {
    Map<String, ServedModel> byName = new TreeMap<>();
    models.forEach(model -> byName.put(model.name(), model));
    return new ModelRepository(byName, List.of());
  }

  /**
   * Loads every bundle below a directory, or the directory itself if it is one. A bad one does not
   * keep the good ones from being served; see {@link #problems()}.
   *
   * @throws IllegalArgumentException if none can be served
   * @throws IOException if the directory cannot be read
   */
  public static ModelRepository load(Path directory, OnnxRuntime runtime, EngineLimits limits)
      throws IOException {
    List<ModelLocation> locations = ModelLocation.below(directory);
    ModelLoader loader = new ModelLoader(runtime, limits);
    Map<String, ServedModel> models = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (ModelLocation location : locations) {
      String name = location.name();
      if (models.containsKey(name)) {
        problems.add(
            "model %s: %s has the name of another (expected: a name of its own)"
                .formatted(name, location.path().getFileName()));
        continue;
      }
      try {
        models.put(name, loader.load(location));
      } catch (IllegalArgumentException | IOException e) {
        problems.add("model %s: %s".formatted(name, e.getMessage()));
      }
    }
    if (models.isEmpty()) {
      throw new IllegalArgumentException(
          problems.isEmpty()
              ? "models: no bundle below %s (expected: directories that export wrote)"
                  .formatted(directory)
              : String.join("; ", problems));
    }
    return new ModelRepository(models, problems);
  }

  /** Why other models could not be loaded, one line each. */
  public List<String> problems() {
    return problems;
  }

  /** All models, in the order of their names. */
  public Collection<ServedModel> models() {
    return models.values();
  }

  /** Their names, in order. */
  public Set<String> names() {
    return models.keySet();
  }

  /** The model of this name; for the empty name, the only model if there is just one. */
  public Optional<ServedModel> find(String name) {
    if (name.isEmpty() && models.size() == 1) {
      return models.values().stream().findFirst();
    }
    return Optional.ofNullable(models.get(name));
  }

  /** Rows that run or wait, over all models. */
  public int rows() {
    return models.values().stream().mapToInt(model -> model.engine().rows()).sum();
  }

  /** All engines refuse new requests from now on. */
  public void drain() {
    models.values().forEach(model -> model.engine().drain());
  }

  /** Stops the engines, each at the end of its step. */
  @Override
  public void close() {
    models.values().forEach(model -> model.engine().close());
  }
}
