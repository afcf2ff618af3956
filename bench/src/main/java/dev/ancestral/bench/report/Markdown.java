package dev.ancestral.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The report as a Markdown table that is also readable as it is. */
public final class Markdown {
  private static final List<String> HEAD =
      List.of("scenario", "measured", "value", "against", "its value", "times as good", "note");
  private static final List<Boolean> RIGHT = List.of(false, false, true, false, true, true, false);

  private Markdown() {}

  /** The conditions, then the table, then the names of the plots. */
  public static String of(Report report) {
    StringBuilder text = new StringBuilder("# Benchmark\n\n");
    List<List<String>> conditions = new ArrayList<>();
    report.conditions().forEach((name, value) -> conditions.add(List.of(name, value)));
    text.append(table(List.of("condition", ""), List.of(false, false), conditions));
    text.append(
        """

        "Times as good" is the median of the rounds' ratios; above 1 is better, whatever the unit; the values compared are \
        the rounds' geometric means. Contestants of a round \
        are measured one right after the other, in every other round in the opposite order. In brackets is where that \
        median lies with a confidence of at least 95 %, whatever the distribution (order statistics, as in the sign test), \
        and how many rounds there were; of fewer than six it is the least and the most of them, which is less certain \
        (three rounds: 75 %). Percentiles of a mixed load are of all its requests, and the ratio is theirs; in brackets is \
        its bootstrap interval of 95 % over the seeds of the load, and how many seeds there were.

        """);
    text.append(table(HEAD, RIGHT, report.findings().stream().map(Markdown::cells).toList()));
    for (Plot plot : report.plots()) {
      text.append("\n![%s](%s.png)\n".formatted(plot.title(), plot.name()));
    }
    return text.toString();
  }

  /** The table alone. */
  public static String table(Report report) {
    return table(HEAD, RIGHT, report.findings().stream().map(Markdown::cells).toList());
  }

  private static List<String> cells(Finding finding) {
    Comparison against = finding.against();
    return List.of(
        finding.scenario(),
        finding.subject(),
        number(finding.value(), finding.quantity()),
        against == null ? "" : against.reference(),
        against == null ? "" : number(against.value(), finding.quantity()),
        against == null ? "" : times(against),
        finding.note());
  }

  private static String times(Comparison against) {
    String times = format(against.times());
    Interval interval = against.interval();
    return against.rounds() == 1
        ? times
        : "%s (%s..%s of %d)"
            .formatted(times, format(interval.low()), format(interval.high()), against.rounds());
  }

  private static String number(@Nullable Double value, Quantity quantity) {
    if (value == null) {
      return "-";
    }
    if (quantity == Quantity.COUNT) {
      return "%.0f".formatted(value);
    }
    return (format(value) + " " + quantity.unit()).strip();
  }

  /** Three digits, never in powers of ten. */
  static String format(double value) {
    double size = Math.abs(value);
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size == 0 ? 2 : 4;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private static String table(List<String> head, List<Boolean> right, List<List<String>> rows) {
    int[] widths = new int[head.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = Math.max(head.get(column).length(), 1);
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    line(text, head, widths, right);
    List<String> rule = new ArrayList<>();
    for (int column = 0; column < widths.length; column++) {
      rule.add(
          "-".repeat(widths[column] - (right.get(column) ? 1 : 0))
              + (right.get(column) ? ":" : ""));
    }
    line(text, rule, widths, right);
    rows.forEach(row -> line(text, row, widths, right));
    return text.toString();
  }

  private static void line(
      StringBuilder text, List<String> cells, int[] widths, List<Boolean> right) {
    text.append('|');
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(Math.max(widths[column] - cell.length(), 0));
      text.append(' ').append(right.get(column) ? padding + cell : cell + padding).append(" |");
    }
    text.append('\n');
  }
}
