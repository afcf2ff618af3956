package dev.ancestral.trainer.calls;

import dev.ancestral.trainer.quality.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured.
 *
 * @param words what is to be known of it, by label, in the order to show it; {@link #DISTANCE} is
 *     among them
 * @param rows the data's, the teacher's, and one for each chain
 */
record CallsTable(Map<String, String> words, List<Row> rows) {
  /** The label that says which distance it is. */
  static final String DISTANCE = "distance";

  /** What a row is of. */
  enum Role {
    /** Other real samples. */
    DATA,
    /** The chain of many calls. */
    TEACHER,
    /** A chain of few. */
    SAMPLER
  }

  /**
   * Figures of one chain, or of real samples.
   *
   * @param role what it is of
   * @param sampler the sampler's name; {@code data} for real samples
   * @param calls of the network for one sample; null for real samples
   * @param samples how many were measured
   * @param distance to the reference
   * @param ratio of it to the teacher's; null where it is not told
   * @param precision share of the samples that look like the reference's
   * @param recall share of the reference that the samples look like
   * @param labels share of the samples that are taken for what they were drawn for; null without
   *     classes
   * @param sharpness energy of high frequencies over the teacher's; null for points
   * @param toTeacher root mean square difference to the teacher's sample of the same seed; null
   *     where there is none, or the chain draws noise of its own
   */
  record Row(
      Role role,
      String sampler,
      @Nullable Integer calls,
      int samples,
      Interval distance,
      @Nullable Interval ratio,
      double precision,
      double recall,
      @Nullable Double labels,
      @Nullable Double sharpness,
      @Nullable Double toTeacher) {}

  /** Copies both. */
  CallsTable {
    words = new LinkedHashMap<>(words);
    rows = List.copyOf(rows);
  }

  /** The rows of a role. */
  List<Row> of(Role role) {
    return rows.stream().filter(row -> row.role() == role).toList();
  }

  /** The samplers, in order. */
  List<String> samplers() {
    return of(Role.SAMPLER).stream().map(Row::sampler).distinct().toList();
  }

  /** A table for people. */
  String text() {
    StringBuilder out = new StringBuilder();
    words.forEach((label, word) -> line(out, "%s: %s", label, word));
    line(
        out,
        "%-18s %6s %10s %22s %7s %7s %10s %7s %7s %10s %11s",
        "",
        "calls",
        "distance",
        "5..95 % of draws",
        "ratio",
        "upper",
        "precision",
        "recall",
        "labels",
        "sharpness",
        "to teacher");
    for (Row row : rows) {
      Interval ratio = row.ratio();
      List<Object> cells = new ArrayList<>();
      cells.add(row.role() == Role.TEACHER ? row.sampler() + ", teacher" : row.sampler());
      cells.add(row.calls() == null ? "-" : row.calls().toString());
      cells.add(figure("%.4g", row.distance().value()));
      cells.add(
          figure("%.4g", row.distance().low()) + " .. " + figure("%.4g", row.distance().high()));
      cells.add(figure("%.3f", ratio == null ? null : ratio.value()));
      cells.add(figure("%.3f", ratio == null ? null : ratio.high()));
      cells.add(figure("%.3f", row.precision()));
      cells.add(figure("%.3f", row.recall()));
      cells.add(figure("%.3f", row.labels()));
      cells.add(figure("%.3f", row.sharpness()));
      cells.add(figure("%.4f", row.toTeacher()));
      line(out, "%-18s %6s %10s %22s %7s %7s %10s %7s %7s %10s %11s", cells.toArray());
    }
    return out.toString();
  }

  private static String figure(String format, @Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, format, value);
  }

  private static void line(StringBuilder out, String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments).stripTrailing()).append('\n');
  }
}
