package dev.ancestral.trainer.calls;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.cli.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A bundle whose fitted tables are to be tried on the network of a run. */
final class BundleOfRun {
  /** What tells one training from another, and one moment of it from a later one. */
  private static final List<String> MARKS =
      List.of("network", "parameters", "weights", "seed", "iterations", "trained_at");

  private BundleOfRun() {}

  /**
   * Reads it.
   *
   * @param run the facts of the run's weights
   * @throws UserError naming the first thing in which the two differ
   */
  static Bundle read(Path directory, Bundle run) throws IOException {
    Bundle bundle = BundleFormat.read(directory);
    bundle
        .disagreementWith(run)
        .ifPresent(
            field -> {
              throw new UserError(
                  "%s: %s is not the run's (expected: a bundle that was exported from it)"
                      .formatted(directory, field));
            });
    for (String mark : MARKS) {
      String own = bundle.provenance().get(mark);
      String expected = run.provenance().get(mark);
      if (!Objects.equals(own, expected)) {
        throw new UserError(
            "%s: %s: %s (expected: %s, as the run's weights have)"
                .formatted(directory, mark, own, expected));
      }
    }
    return bundle;
  }
}
