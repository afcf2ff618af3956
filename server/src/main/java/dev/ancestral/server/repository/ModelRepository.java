package dev.ancestral.server.repository;

import dev.ancestral.cli.Printable;
import dev.ancestral.diffusion.Names;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The loaded models by name. What is loaded does not change; thread-safe. Owns the engines: close
 * it last.
 */
public final class ModelRepository implements AutoCloseable {
  /**
   * How many seconds a model may take to be read, opened, run and measured, unless told otherwise:
   * many times what a large one needs on a slow disk.
   */
  public static final int LOAD_SECONDS = 60;

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

  /** As below, with the usual time, and nobody to tell of problems as they come. */
  public static ModelRepository load(Path directory, OnnxRuntime runtime, EngineLimits limits)
      throws IOException {
    return load(directory, runtime, limits, Duration.ofSeconds(LOAD_SECONDS), problem -> {});
  }

  /**
   * Loads every bundle in a directory, or the directory itself if it is one. A bad one does not
   * keep the good ones from being served, whatever it does, short of ending the process.
   *
   * @param timeout how long each may take until it is given up
   * @param told of each problem as it comes, in one line; {@link #problems()} has them all
   * @throws IllegalArgumentException if none can be served
   * @throws IOException if the directory cannot be read
   */
  public static ModelRepository load(
      Path directory,
      OnnxRuntime runtime,
      EngineLimits limits,
      Duration timeout,
      Consumer<String> told)
      throws IOException {
    List<ModelLocation> locations = ModelLocation.below(directory);
    ModelLoader loader = new ModelLoader(runtime, limits);
    Map<String, ServedModel> models = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    Consumer<String> problem =
        line -> {
          String printable = Printable.line(line);
          problems.add(printable);
          told.accept(printable);
        };
    for (ModelLocation location : locations) {
      String name = location.name();
      if (models.containsKey(name)) {
        problem.accept(
            "model %s: %s has the name of another (expected: a name of its own)"
                .formatted(name, location.path().getFileName()));
        continue;
      }
      if (!Printable.line(name).equals(name)) {
        problem.accept(
            "model %s: has a name that cannot be printed as it is (expected: no control characters)"
                .formatted(name));
        continue;
      }
      try {
        models.put(name, new LoadAttempt(loader, location).await(timeout));
      } catch (ModelProblem e) {
        problem.accept("model %s: %s".formatted(name, e.getMessage()));
      }
    }
    PassedOver.in(directory).forEach(problem);
    if (models.isEmpty()) {
      throw new IllegalArgumentException(
          problems.isEmpty()
              ? "models: no bundle below %s (expected: directories that export wrote)"
                  .formatted(directory)
              : "models: none below %s can be served, the first since: %s"
                  .formatted(directory, problems.get(0)));
    }
    return new ModelRepository(models, problems);
  }

  /** Why other models are not served, one line each. */
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

  /**
   * The model of this name, whatever its case where no other differs in that alone; for the empty
   * name, the only model if there is just one.
   */
  public Optional<ServedModel> find(String name) {
    if (name.isEmpty() && models.size() == 1) {
      return models.values().stream().findFirst();
    }
    return Names.find(name, models.keySet()).map(models::get);
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
