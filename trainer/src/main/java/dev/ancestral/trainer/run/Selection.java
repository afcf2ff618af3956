package dev.ancestral.trainer.run;

import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.WeightsKind;
import dev.ancestral.trainer.average.PowerFunction;
import dev.ancestral.trainer.config.Average;
import dev.ancestral.trainer.config.EmaConfig;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which weights of a run: of which checkpoint, and which average of them.
 *
 * @param weights which of a checkpoint's
 * @param moment which checkpoint
 */
public record Selection(Weights weights, Moment moment) {
  /** Which weights of a checkpoint. */
  public sealed interface Weights {
    /** As a bundle's provenance names them. */
    String label();
  }

  /** As the optimizer left them. */
  public record Raw() implements Weights {
    @Override
    public String label() {
      return "raw";
    }
  }

  /**
   * An average that training kept.
   *
   * @param name of it
   */
  public record Kept(String name) implements Weights {
    @Override
    public String label() {
      return name.equals(EmaConfig.DEFAULT) ? "ema" : "ema " + name;
    }
  }

  /** An average that is made from snapshots of others. */
  public record Reconstructed(PowerFunction window) implements Weights {
    @Override
    public String label() {
      return "ema " + new Average.Power(window).name();
    }
  }

  /** Which checkpoint. */
  public sealed interface Moment {}

  /** The newest that is whole. */
  public record Last() implements Moment {}

  /** The one whose averaged weights had the least loss on the held-out set. */
  public record Best() implements Moment {}

  /**
   * The one after an iteration.
   *
   * @param iteration from 0
   */
  public record At(int iteration) implements Moment {}

  /** The average that every run has, of the newest checkpoint. */
  public static final Selection DEFAULT = of(WeightsKind.EMA);

  private static final Pattern ITERATION = Pattern.compile("\\d{1,9}");

  /** Of the newest checkpoint. */
  public static Selection of(WeightsKind kind) {
    return new Selection(
        switch (kind) {
          case EMA -> new Kept(EmaConfig.DEFAULT);
          case RAW -> new Raw();
        },
        new Last());
  }

  /**
   * What a command line says.
   *
   * @param ema {@code default}, a rate, or {@code power:WIDTH}; null for the default
   * @param checkpoint {@code best}, {@code last} or an iteration; null for the last
   * @throws UserError if it says none of these
   */
  public static Selection of(@Nullable String ema, @Nullable String checkpoint) {
    return new Selection(weights(ema == null ? EmaConfig.DEFAULT : ema), moment(checkpoint));
  }

  /** These weights of the same checkpoint. */
  public Selection with(Weights others) {
    return new Selection(others, moment);
  }

  private static Weights weights(String ema) {
    try {
      if (ema.startsWith(Average.Power.PREFIX)) {
        return new Reconstructed(
            new PowerFunction(Double.parseDouble(ema.substring(Average.Power.PREFIX.length()))));
      }
      return new Kept(
          ema.equals(EmaConfig.DEFAULT) ? ema : Double.toString(Double.parseDouble(ema)));
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "--ema: %s (expected: %s, a rate of ema.rates, or %sWIDTH with a width above 0, at most %s)"
              .formatted(ema, EmaConfig.DEFAULT, Average.Power.PREFIX, PowerFunction.WIDEST),
          e);
    }
  }

  private static Moment moment(@Nullable String checkpoint) {
    if (checkpoint == null || checkpoint.equals("last")) {
      return new Last();
    }
    if (checkpoint.equals("best")) {
      return new Best();
    }
    if (!ITERATION.matcher(checkpoint).matches()) {
      throw new UserError(
          "--checkpoint: %s (expected: best, last or an iteration)".formatted(checkpoint));
    }
    return new At(Integer.parseInt(checkpoint));
  }
}
