package dev.ancestral.trainer.run;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.Average;
import dev.ancestral.trainer.config.TrainingConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The weights of a run that a {@link Selection} means.
 *
 * @param checkpoint that they are of
 * @param flat in the network's order
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
record SelectedWeights(Checkpoint checkpoint, float[] flat) {
  /**
   * Reads them.
   *
   * @param config of the run
   * @param shapes names and shapes that the network has
   * @param warn is told of damaged files that were passed over
   * @throws UserError if the run has none such
   */
  static SelectedWeights of(
      RunDirectory directory,
      TrainingConfig config,
      Selection selection,
      Map<String, Shape> shapes,
      Consumer<String> warn)
      throws IOException {
    Checkpoint checkpoint = checkpoint(directory, selection.moment(), shapes, warn);
    Selection.Weights weights = selection.weights();
    if (weights instanceof Selection.Raw) {
      return new SelectedWeights(checkpoint, checkpoint.state().weights());
    }
    if (weights instanceof Selection.Kept kept) {
      boolean isMain = kept.name().equals(Double.toString(config.ema().maxDecay()));
      return new SelectedWeights(
          checkpoint, isMain ? checkpoint.state().ema() : checkpoint.average(kept.name()));
    }
    List<Average.Power> kept =
        config.ema().averages().stream()
            .filter(Average.Power.class::isInstance)
            .map(Average.Power.class::cast)
            .toList();
    return new SelectedWeights(
        checkpoint,
        directory
            .snapshots()
            .reconstruct(
                ((Selection.Reconstructed) weights).window(), kept, checkpoint, shapes, warn));
  }

  private static Checkpoint checkpoint(
      RunDirectory directory,
      Selection.Moment moment,
      Map<String, Shape> shapes,
      Consumer<String> warn)
      throws IOException {
    Checkpoints checkpoints = directory.checkpoints();
    if (moment instanceof Selection.At at) {
      return checkpoints.at(at.iteration(), shapes);
    }
    if (moment instanceof Selection.Best) {
      return checkpoints
          .best(shapes, warn)
          .orElseThrow(
              () ->
                  new UserError(
                      "--checkpoint: best (expected: last or an iteration, since no checkpoint of %s was measured: output.held_out is 0, or an older version wrote it)"
                          .formatted(directory.root())));
    }
    return checkpoints
        .latest(shapes, warn)
        .orElseThrow(
            () ->
                new UserError(directory.root() + ": has no checkpoint yet (expected: at least 1)"));
  }
}
