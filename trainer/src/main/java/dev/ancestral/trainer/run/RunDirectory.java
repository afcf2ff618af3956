package dev.ancestral.trainer.run;

import dev.ancestral.cli.UserError;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the files of a run are.
 *
 * <pre>
 * RUN/config.yaml                            the configuration, every setting of it
 * RUN/data.yaml                              what the data are
 * RUN/checkpoints/iteration-000500.safetensors
 * RUN/metrics.csv                            a line for each iteration
 * RUN/loss.png
 * RUN/samples/000500.png                     grids from the averaged weights
 * </pre>
 *
 * @param path of the directory
 */
public record RunDirectory(Path path) {
  /** Its checkpoints. */
  public Checkpoints checkpoints() {
    return new Checkpoints(path.resolve("checkpoints"));
  }

  /** Its metrics. */
  public MetricsFile metrics() {
    return new MetricsFile(path.resolve("metrics.csv"));
  }

  Path lossPicture() {
    return path.resolve("loss.png");
  }

  Path samplePicture(int iteration) {
    return samples().resolve("%06d.png".formatted(iteration));
  }

  private Path samples() {
    return path.resolve("samples");
  }

  private Path configFile() {
    return path.resolve("config.yaml");
  }

  private Path dataFile() {
    return path.resolve("data.yaml");
  }

  /** The newest grid of samples, if there is one. */
  public Optional<Path> latestSamples() throws IOException {
    if (!Files.isDirectory(samples())) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(samples())) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".png"))
          .max(Comparator.comparing(Path::toString));
    }
  }

  /** Whether a run was started here. */
  public boolean exists() {
    return Files.exists(configFile());
  }

  void write(TrainingConfig config, DataFacts data) throws IOException {
    AtomicFile.writeString(dataFile(), ConfigSources.toYaml(data.toMap()));
    AtomicFile.writeString(configFile(), ConfigSources.toYaml(config.toMap()));
  }

  /**
   * The settings of the run.
   *
   * @throws UserError if this is no run
   */
  public Map<String, Object> settings() throws IOException {
    if (!exists()) {
      throw new UserError("%s: not a run (expected: a directory with config.yaml)".formatted(path));
    }
    return ConfigSources.file(configFile());
  }

  /** What the run's data are. */
  public DataFacts data() throws IOException {
    return DataFacts.of(ConfigSources.file(dataFile()));
  }
}
