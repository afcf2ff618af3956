package dev.ancestral.trainer.data;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * For whom data are opened: what is known of them already, and who watches.
 *
 * @param recorded what a run says of its data; null for data that are met for the first time. Its
 *     classes keep their order, and its size and channels hold where the options leave them open
 * @param classes which of the recorded classes must be there, for their order to hold
 * @param out who is shown how far it is
 */
public record Opening(@Nullable DataDescription recorded, Classes classes, PrintStream out) {
  /** The first time, and nobody watches. */
  public static final Opening QUIET =
      fresh(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));

  /** Which classes data have that were recorded. */
  public enum Classes {
    /** Each of them: training goes on. */
    ALL,
    /** Each of them or fewer: something is measured. */
    SOME
  }

  /** The first time. */
  public static Opening fresh(PrintStream out) {
    return new Opening(null, Classes.ALL, out);
  }

  /** To go on training. */
  public static Opening again(DataDescription recorded, PrintStream out) {
    return new Opening(recorded, Classes.ALL, out);
  }

  /** To measure what was trained, on the same data or a part of their kind. */
  public static Opening toMeasure(DataDescription recorded, PrintStream out) {
    return new Opening(recorded, Classes.SOME, out);
  }
}
