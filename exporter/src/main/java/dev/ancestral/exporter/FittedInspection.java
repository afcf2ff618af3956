package dev.ancestral.exporter;

import dev.ancestral.diffusion.sampler.FittedBetween;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTables;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says of fitted chains what they are, and how good they were found to be, for people. */
final class FittedInspection {
  private FittedInspection() {}

  /** A line for the tables, and one for each guidance weight of each. */
  static void tell(Text text, FittedTables tables) {
    text.line(
        "fitted",
        "to %s, clipping %s%s",
        tables.teacherWords(),
        tables.clipping().words(),
        tables.provenance().entrySet().stream()
            .map(entry -> ", %s %s".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining()));
    text.more(
        "default: %s",
        tables
            .proven(1)
            .map(table -> "fitted with %d calls, where a request fits".formatted(table.calls()))
            .orElse("what is recommended, since none is proven"));
    for (FittedTable table : tables.tables()) {
      text.more(
          "%d calls, table %s, timesteps %s",
          table.calls(),
          table.id(),
          table.timesteps().stream()
              .map(timestep -> number(timestep))
              .collect(Collectors.joining(" ")));
      for (FittedTable.Weighted weighted : table.weighted()) {
        text.more("  guidance %s: %s", number(weighted.guidance()), proof(weighted.proof()));
        FittedBetween between = weighted.between();
        if (between != null) {
          text.more(
              "  guidance %s: %s; %s",
              number(between.guidance()),
              distances(between.proof()),
              between.holds() ? "interpolated" : "not interpolated, no better than those");
        }
      }
    }
  }

  private static String distances(FittedProof proof) {
    return String.format(
        Locale.ROOT,
        "distance %.4f (ddim %.4f, dpmpp-2m %.4f)",
        proof.fitted(),
        proof.ddim(),
        proof.dpmSolver());
  }

  private static String proof(FittedProof proof) {
    FittedProof.Comparison made = proof.comparison();
    return distances(proof) + (made == null ? "; not compared" : comparison(made));
  }

  private static String comparison(FittedProof.Comparison made) {
    String words =
        String.format(
            Locale.ROOT,
            "; %s: Frechet ratio %.3f, at most %.3f",
            made.holds() ? "proven" : "not proven",
            made.frechetRatio(),
            made.frechetUpper());
    Double sharpness = made.highFrequencyRatio();
    if (sharpness != null) {
      words += String.format(Locale.ROOT, ", high frequencies %.3f", sharpness);
    }
    Double accuracy = made.accuracy();
    if (accuracy != null) {
      words +=
          String.format(
              Locale.ROOT, ", labels found %.3f (teacher %.3f)", accuracy, made.teacherAccuracy());
    }
    return words
        + String.format(
            Locale.ROOT,
            ", precision %.3f, recall %.3f, of %d samples beside %s",
            made.precision(),
            made.recall(),
            made.samples(),
            made.reference());
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.valueOf(value);
  }
}
