package dev.ancestral.trainer.run;

import dev.ancestral.cli.UserError;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.config.ConfigSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which weights of another training a run began with. It is written before the run is one, under a
 * name that says that the weights are still to be taken, and has its own name once the checkpoint
 * of iteration 0 holds them: so a run that was killed in between is never taken for one that has
 * them.
 *
 * @param root of the run
 */
record InitRecord(Path root) {
  /** Its name once the weights are the run's. */
  static final String FILE = "init.yaml";

  /** Its name until then. */
  static final String PENDING = "init.pending.yaml";

  /** Says what the run is to begin with. */
  void announce(Initialisation initialisation) throws IOException {
    AtomicFile.writeString(root.resolve(PENDING), initialisation.toYaml());
  }

  /** Says that a checkpoint holds what was announced, if anything was. */
  void complete() throws IOException {
    Path pending = root.resolve(PENDING);
    if (Files.exists(pending)) {
      AtomicFile.writeString(root.resolve(FILE), Files.readString(pending));
      Files.delete(pending);
    }
  }

  /**
   * Checks that the run has the weights that it was to begin with.
   *
   * @param hasCheckpoint whether there is any, the first of which is that of these weights
   * @throws UserError if it has not
   */
  void requireTaken(boolean hasCheckpoint) throws IOException {
    if (!hasCheckpoint && Files.exists(root.resolve(PENDING))) {
      throw new UserError(
          "%s: was stopped before it had the weights of %s (expected: start it again, with --init and without --resume)"
              .formatted(root, source(PENDING)));
    }
  }

  /** Which weights, in words; null for none. */
  @Nullable String source() throws IOException {
    // Where a checkpoint is there, it holds what is pending, too.
    return Files.exists(root.resolve(PENDING))
        ? source(PENDING)
        : Files.exists(root.resolve(FILE)) ? source(FILE) : null;
  }

  private String source(String file) throws IOException {
    return String.valueOf(ConfigSources.file(root.resolve(file)).get(Initialisation.SOURCE));
  }
}
