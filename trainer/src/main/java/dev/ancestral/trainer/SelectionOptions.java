package dev.ancestral.trainer;

import dev.ancestral.trainer.run.Selection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which weights of a run are meant. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields in.
public final class SelectionOptions {
  @Option(
      names = "--ema",
      paramLabel = "NAME|RATE|power:WIDTH",
      description =
          "Which average of the weights: default (ema.max_decay's), a rate of ema.rates such as 0.9999, or power:0.08, a"
              + " power-function average of any relative width above 0, at most 0.28 (Karras et al. 2024), which"
              + " is made from the snapshots of a run that kept some by ema.sigma_rel. Default: default.")
  private @Nullable String ema;

  @Option(
      names = "--checkpoint",
      paramLabel = "best|last|ITERATION",
      description =
          "Which checkpoint of the run: the one whose averaged weights had the least loss on the held-out set"
              + " (output.held_out), the newest that is whole, or the one after an iteration. Default: last.")
  private @Nullable String checkpoint;

  /** Whether an average was asked for by name. */
  public boolean namesAnAverage() {
    return ema != null;
  }

  /** Whether either was given. */
  public boolean areGiven() {
    return ema != null || checkpoint != null;
  }

  /** What they say. */
  public Selection selection() {
    return Selection.of(ema, checkpoint);
  }
}
