package dev.ancestral.exporter.fit;

import dev.ancestral.diffusion.sampler.FittedBetween;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedProof.Comparison;
import dev.ancestral.diffusion.sampler.FittedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A fit's figures as a table, and in words what became the default, and why. */
final class FitText {
  private static final String ROW = "%5s %6s  %-9s %8s %8s %8s  %-13s %7s  %-13s %9s %6s  %s";

  private final FitResult result;

  FitText(FitResult result) {
    this.result = result;
  }

  @Override
  public String toString() {
    StringJoiner lines = new StringJoiner(System.lineSeparator());
    lines.add(
        row("", "", "", "distance to the teacher's end", "", "", "", "", "", "", "", "")
            .stripTrailing());
    lines.add(
        row(
            "calls",
            "weight",
            "times",
            "fitted",
            "ddim",
            "dpmpp-2m",
            "Frechet",
            "detail",
            "labels right",
            "precision",
            "recall",
            ""));
    for (Candidate candidate : result.candidates()) {
      for (int i = 0; i < candidate.guidance().size(); i++) {
        lines.add(line(candidate, i));
        if (i < candidate.between().size()) {
          lines.add(between(candidate, candidate.between().get(i)));
        }
      }
    }
    conclusions().forEach(lines::add);
    return lines.toString();
  }

  private String line(Candidate candidate, int i) {
    FittedProof proof = candidate.proofs().get(i);
    Comparison comparison = proof.comparison();
    double weight = candidate.guidance().get(i);
    String verdict =
        !candidate.won()
            ? "not written"
            : result.isDefault(candidate, weight)
                ? "default"
                : comparison == null || comparison.holds() ? "" : "not proven";
    return row(
            candidate.calls(),
            say("%.3g", weight),
            candidate.grid(),
            say("%.4f", proof.fitted()),
            say("%.4f", proof.ddim()),
            say("%.4f", proof.dpmSolver()),
            comparison == null
                ? "-"
                : say(
                    comparison.frechetUpper() < Judgement.UNKNOWN ? "%.3f (%.3f)" : "%.3f (?)",
                    comparison.frechetRatio(),
                    comparison.frechetUpper()),
            comparison == null ? "-" : optional("%.3f", comparison.highFrequencyRatio()),
            comparison == null
                ? "-"
                : optional("%.3f", comparison.accuracy())
                    + optional(" (%.3f)", comparison.teacherAccuracy()),
            comparison == null ? "-" : say("%.3f", comparison.precision()),
            comparison == null ? "-" : say("%.3f", comparison.recall()),
            verdict)
        .stripTrailing();
  }

  /** Between two weights there is a distance alone. */
  private static String between(Candidate candidate, FittedBetween between) {
    return row(
            candidate.calls(),
            say("%.3g", between.guidance()),
            "between",
            say("%.4f", between.proof().fitted()),
            say("%.4f", between.proof().ddim()),
            say("%.4f", between.proof().dpmSolver()),
            "-",
            "-",
            "-",
            "-",
            "-",
            !candidate.won() || between.holds() ? "" : "not interpolated")
        .stripTrailing();
  }

  private List<String> conclusions() {
    List<String> lines = new ArrayList<>();
    result.candidates().stream()
        .filter(candidate -> !candidate.won())
        .forEach(
            candidate ->
                lines.add(
                    say(
                        "%d calls: not written, not nearer to the teacher than both ddim and dpmpp-2m",
                        candidate.calls())));
    if (result.tables() == null) {
      lines.add("nothing is written: the bundle is as it was");
      return lines;
    }
    for (double weight : result.candidates().get(0).guidance()) {
      lines.add(say("guidance %.3g: %s", weight, conclusion(weight)));
    }
    return lines;
  }

  private String conclusion(double weight) {
    Optional<FittedTable> proven =
        result.tables() == null ? Optional.empty() : result.tables().proven(weight);
    if (proven.isPresent()) {
      return say(
          "%d fitted calls are the default: the fewest that were shown to be as good as the teacher",
          proven.get().calls());
    }
    Candidate last =
        result.candidates().stream()
            .filter(Candidate::won)
            .reduce((first, second) -> second)
            .orElseThrow();
    Comparison comparison = last.proofs().get(last.guidance().indexOf(weight)).comparison();
    return comparison == null
        ? "no fitted chain is the default, since none was compared with the teacher (--samples 0)"
        : say("no fitted chain is the default; with %d calls %s", last.calls(), reason(comparison));
  }

  private static String reason(Comparison comparison) {
    List<String> reasons = new ArrayList<>();
    if (comparison.samples() < Comparison.LEAST_SAMPLES) {
      reasons.add(
          say(
              "%d samples are too few (expected: at least %d)",
              comparison.samples(), Comparison.LEAST_SAMPLES));
    }
    if (comparison.frechetUpper() >= Judgement.UNKNOWN) {
      reasons.add(
          "the Frechet distances prove nothing: the teacher's samples cannot be told from the reference");
    } else if (comparison.frechetUpper() > Comparison.MOST_FRECHET) {
      reasons.add(
          say(
              "the Frechet distance may be %.3f times the teacher's (expected: at most %s%s)",
              comparison.frechetUpper(),
              Comparison.MOST_FRECHET,
              comparison.frechetRatio() < Comparison.MOST_FRECHET
                  ? say("; %.3f was measured", comparison.frechetRatio())
                  : ""));
    }
    Double detail = comparison.highFrequencyRatio();
    if (detail != null
        && (detail < Comparison.LEAST_HIGH_FREQUENCY || detail > Comparison.MOST_HIGH_FREQUENCY)) {
      reasons.add(
          say(
              "high frequencies have %.3f times the teacher's energy (expected: %s..%s)",
              detail, Comparison.LEAST_HIGH_FREQUENCY, Comparison.MOST_HIGH_FREQUENCY));
    }
    Double right = comparison.accuracy();
    Double teacher = comparison.teacherAccuracy();
    if (right != null && teacher != null && !comparison.keepsLabels()) {
      reasons.add(
          say(
              "labels are found in %.3f of the samples (expected: %.3f, the teacher's, less at most %s)",
              right, teacher, Comparison.MOST_ACCURACY_LOSS));
    }
    return String.join("; ", reasons);
  }

  private static String optional(String format, @Nullable Double value) {
    return value == null ? (format.startsWith(" ") ? "" : "-") : say(format, value);
  }

  private static String row(Object... cells) {
    return say(ROW, cells);
  }

  private static String say(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
