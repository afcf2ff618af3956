package dev.ancestral.trainer.run;

import dev.ancestral.cli.UserError;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.DataConfig;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.DataDescription;
import dev.ancestral.trainer.data.DataSummary;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import dev.ancestral.trainer.data.Opening;
import java.io.IOException;
import java.io.PrintStream;
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
 *   averages/NNNNNN.safetensors           snapshots of power-function averages, if they are kept
 *   init.yaml                             which weights of another training it began with, if any;
 *                                         init.pending.yaml until a checkpoint holds them
 *   changes.yaml                          settings that changed when the run went on, if any
 *   metrics.csv                           a line for each iteration: what {@link Metrics.Column} says
 *   train.lock                            the process that trains it, or trained it last
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
  private static final String AVERAGES = "averages";
  private static final String METRICS = "metrics.csv";
  private static final String HISTORY = "changes.yaml";

  /** What stands here before the first checkpoint. */
  private static final List<String> OF_A_START =
      List.of(CONFIG, DATA, METRICS, HISTORY, InitRecord.FILE, InitRecord.PENDING, RunLock.FILE);

  private final Path root;

  private RunDirectory(Path root) {
    this.root = root;
  }

  /**
   * Starts a run here, in place of one that was started and came to no checkpoint.
   *
   * @param initialisation the weights of another training that it is to begin with; null for none
   * @throws UserError if there is another one already, or anything else
   */
  static RunDirectory create(
      Path root, TrainingConfig config, RunData data, @Nullable Initialisation initialisation)
      throws IOException {
    RunDirectory directory = new RunDirectory(root);
    directory.sweep();
    requireFree(root);
    directory.clear();
    AtomicFile.writeString(root.resolve(DATA), data.toYaml());
    if (initialisation != null) {
      directory.init().announce(initialisation);
    }
    // Last, since from here on it is a run.
    directory.write(config);
    return directory;
  }

  /**
   * Checks that a run can be started here.
   *
   * @throws UserError if there is one already that has a checkpoint, or anything else
   */
  static void requireFree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    if (exists(root) && !(Files.exists(root.resolve(DATA)) && holdsNothingButAStart(root))) {
      throw new UserError(
          root + ": holds a run already (expected: --resume to go on, or another --out)");
    }
    if (!Files.isDirectory(root) || !holdsNothingButAStart(root)) {
      throw new UserError(root + ": exists and is not empty (expected: a new directory)");
    }
  }

  /** Whether everything here is what a training writes before its first checkpoint. */
  private static boolean holdsNothingButAStart(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> !Files.isDirectory(file))
          .allMatch(
              file ->
                  OF_A_START.contains(root.relativize(file).toString())
                      || AtomicFile.isTemporary(file));
    }
  }

  /** Deletes what a start has written, and the directory with it. */
  void discard() throws IOException {
    clear();
    Files.deleteIfExists(root.resolve(RunLock.FILE));
    for (String part : List.of(CHECKPOINTS, SAMPLES, AVERAGES, "")) {
      Path directory = root.resolve(part);
      if (Files.isDirectory(directory) && isEmpty(directory)) {
        Files.delete(directory);
      }
    }
  }

  private void clear() throws IOException {
    for (String name : OF_A_START) {
      if (!name.equals(RunLock.FILE)) {
        Files.deleteIfExists(root.resolve(name));
      }
    }
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
    for (String part : List.of("", CHECKPOINTS, SAMPLES, AVERAGES)) {
      AtomicFile.sweep(root.resolve(part));
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
   * data say themselves; its classes were in the order of their characters.
   *
   * @throws IllegalArgumentException naming the file, the key and the expectation
   */
  RunData data() throws IOException {
    return data(config().data());
  }

  private RunData data(DataConfig config) throws IOException {
    RunData recorded = recorded(config);
    if (recorded != null) {
      return recorded;
    }
    DataSummary now = Datasets.describe(config.source(), config.options(), Opening.QUIET);
    DataDescription description = now.description();
    return new RunData(
        new DataDescription(
            description.source(),
            description.spec(),
            description.classNames().stream().sorted().toList(),
            description.standardization(),
            description.scaling()),
        now.samples());
  }

  /**
   * Opens the run's data to go on with them.
   *
   * @param config which names their place
   * @param out for what people read
   * @throws UserError if they are not like those that it was started with
   */
  Dataset openToTrain(DataConfig config, PrintStream out) throws IOException {
    RunData known = data(config);
    Dataset data =
        Datasets.open(config.source(), config.options(), Opening.again(known.description(), out));
    known.requireSame(RunData.of(data), config.conditional(), root.resolve(DATA));
    return data;
  }

  /**
   * Opens the run's data, or others of their kind, to look at them or to measure by them; their
   * labels are the run's.
   *
   * @param source where they are; null for the run's own
   * @param out for what people read
   * @throws UserError if they have a class that the network was not told of
   */
  public Dataset openToMeasure(@Nullable String source, PrintStream out) throws IOException {
    DataConfig own = config().data();
    DataConfig config = source == null ? own : own.withSource(source);
    RunData known = data(own);
    Dataset data =
        Datasets.open(
            config.source(), config.options(), Opening.toMeasure(known.description(), out));
    DataDescription given = data.description();
    if (config.conditional() && given.isLabelled() && known.description().isLabelled()) {
      known.requireSameClasses(given, root.resolve(DATA));
    }
    return data;
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

  /** Replaces the configuration. */
  void write(TrainingConfig config) throws IOException {
    AtomicFile.writeString(root.resolve(CONFIG), ConfigSources.toYaml(config.toMap()));
  }

  InitRecord init() {
    return new InitRecord(root);
  }

  /** Adds to what is known of changes of the configuration, oldest first. */
  void note(String entry) throws IOException {
    Path file = root.resolve(HISTORY);
    String before = Files.exists(file) ? Files.readString(file) : "";
    AtomicFile.writeString(file, before + entry);
  }

  Checkpoints checkpoints() {
    return new Checkpoints(root.resolve(CHECKPOINTS));
  }

  Snapshots snapshots() {
    return new Snapshots(root.resolve(AVERAGES));
  }

  Path metrics() {
    return root.resolve(METRICS);
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
