package dev.ancestral.trainer.run;

import dev.ancestral.cli.UserError;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.DataConfig;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a run leaves on disk.
 *
 * <pre>
 * RUN/
 *   config.yaml                           every setting, spelled out
 *   data.yaml                             shape, range, levels and class names of the data
 *   checkpoints/iteration-NNNNNN.safetensors
 *   metrics.csv                           a line for each iteration
 *   loss.png
 *   samples/NNNNNN.png                    samples of the averaged weights, always from the same noise
 *   samples/NNNNNN.gif                    their way from noise, in ten states
 * </pre>
 */
public final class RunDirectory {
  private static final String CONFIG = "config.yaml";
  private static final String DATA = "data.yaml";
  private static final String CHECKPOINTS = "checkpoints";
  private static final String SAMPLES = "samples";

  private final Path root;

  private RunDirectory(Path root) {
    this.root = root;
  }

  /**
   * Starts a run here.
   *
   * @throws UserError if there is one already, or anything else
   */
  static RunDirectory create(Path root, TrainingConfig config, RunData data) throws IOException {
    if (exists(root)) {
      throw new UserError(
          root + ": holds a run already (expected: --resume to go on, or another --out)");
    }
    if (Files.exists(root) && (!Files.isDirectory(root) || !isEmpty(root))) {
      throw new UserError(root + ": exists and is not empty (expected: a new directory)");
    }
    RunDirectory directory = new RunDirectory(root);
    directory.write(config);
    AtomicFile.writeString(root.resolve(DATA), data.toYaml());
    return directory;
  }

  /** Whether a run was started here. */
  public static boolean exists(Path root) {
    return Files.isRegularFile(root.resolve(CONFIG));
  }

  /**
   * Opens a run.
   *
   * @throws UserError if there is none
   */
  public static RunDirectory open(Path root) {
    if (!exists(root)) {
      throw new UserError(
          root + ": holds no " + CONFIG + " (expected: a directory that `train` wrote)");
    }
    return new RunDirectory(root);
  }

  /** Deletes the halves of files that a killed training left behind. */
  void sweep() throws IOException {
    for (Path part : List.of(root, root.resolve(CHECKPOINTS), root.resolve(SAMPLES))) {
      AtomicFile.sweep(part);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  /** Where it is. */
  public Path root() {
    return root;
  }

  /**
   * The configuration, as it was resolved when the run was started.
   *
   * @throws IllegalArgumentException naming the file, the key and the expectation
   */
  public TrainingConfig config() throws IOException {
    Path file = root.resolve(CONFIG);
    try {
      return TrainingConfig.of(ConfigSources.file(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * What is known of the data: what the run says, else, as for a run of an older version, what the
   * data say themselves.
   *
   * @throws IllegalArgumentException naming the file, the key and the expectation
   */
  RunData data() throws IOException {
    DataConfig config = config().data();
    RunData recorded = recorded(config);
    return recorded == null
        ? RunData.of(Datasets.open(config.source(), config.options()))
        : recorded;
  }

  /** What the run says of its data; null for a run of an older version. */
  private @Nullable RunData recorded(DataConfig config) throws IOException {
    Path file = root.resolve(DATA);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return RunData.read(ConfigSources.file(file), config);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Checks that the run can go on with these data.
   *
   * @param config which names their place
   * @throws UserError if they are not like those that it was started with
   */
  void requireSame(DataConfig config, RunData given) throws IOException {
    RunData recorded = recorded(config);
    if (recorded != null) {
      recorded.requireSame(given, config.conditional(), root.resolve(DATA));
    }
  }

  /** Replaces the configuration. */
  void write(TrainingConfig config) throws IOException {
    AtomicFile.writeString(root.resolve(CONFIG), ConfigSources.toYaml(config.toMap()));
  }

  Checkpoints checkpoints() {
    return new Checkpoints(root.resolve(CHECKPOINTS));
  }

  Path metrics() {
    return root.resolve("metrics.csv");
  }

  Path lossPlot() {
    return root.resolve("loss.png");
  }

  Path samples(int iteration) {
    return root.resolve(SAMPLES).resolve("%06d.png".formatted(iteration));
  }

  Path chain(int iteration) {
    return root.resolve(SAMPLES).resolve("%06d.gif".formatted(iteration));
  }
}
