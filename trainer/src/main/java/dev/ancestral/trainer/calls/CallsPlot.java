package dev.ancestral.trainer.calls;

import dev.ancestral.picture.Charts;
import dev.ancestral.picture.Pixels;
import dev.ancestral.trainer.calls.CallsTable.Role;
import dev.ancestral.trainer.calls.CallsTable.Row;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The distance over the calls, a line for each sampler; the teacher's and the data's own as lines
 * across. Logarithmic where all samplers' distances are above 0, which energy distances need not
 * be; then logarithms are drawn, since the chart's own scale names powers of ten alone, and a line
 * across that is not above 0 is told in the title.
 */
final class CallsPlot {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 620;
  private static final String FITTED = "fitted";
  private static final Color FITTED_COLOR = new Color(0xc0, 0x20, 0x20);
  private static final Color TEACHER_COLOR = new Color(0x20, 0x20, 0x20);
  private static final Color DATA_COLOR = new Color(0x70, 0x70, 0x70);

  /** Told apart by people who see few colours too (Okabe and Ito 2008), and by their markers. */
  private static final List<Color> COLORS =
      List.of(
          new Color(0x00, 0x72, 0xb2),
          new Color(0xe6, 0x9f, 0x00),
          new Color(0x00, 0x9e, 0x73),
          new Color(0xcc, 0x79, 0xa7),
          new Color(0x56, 0xb4, 0xe9),
          new Color(0xa0, 0x8a, 0x00),
          new Color(0x6a, 0x3d, 0x9a),
          new Color(0x8c, 0x56, 0x4b));

  /** Chains of two names may be the same, and their lines lie on one another. */
  private static final List<Marker> MARKERS =
      List.of(
          SeriesMarkers.SQUARE,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.TRIANGLE_DOWN,
          SeriesMarkers.CROSS,
          SeriesMarkers.PLUS,
          SeriesMarkers.OVAL);

  private final CallsTable table;
  private final boolean logarithmic;

  private CallsPlot(CallsTable table) {
    this.table = table;
    this.logarithmic = table.of(Role.SAMPLER).stream().allMatch(row -> row.distance().value() > 0);
  }

  /** The picture as a PNG file. */
  static byte[] png(CallsTable table) {
    return Pixels.png(Charts.draw(new CallsPlot(table).chart()));
  }

  private XYChart chart() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title())
            .xAxisTitle("calls of the network for one sample")
            .yAxisTitle(table.words().get(CallsTable.DISTANCE))
            .theme(Styler.ChartTheme.XChart)
            .build();
    chart
        .getStyler()
        .setLegendPosition(Styler.LegendPosition.OutsideE)
        .setChartBackgroundColor(Color.WHITE);
    chart
        .getStyler()
        .setyAxisTickLabelsFormattingFunction(
            place -> String.format(Locale.ROOT, "%.3g", logarithmic ? Math.pow(10, place) : place));
    chart.getStyler().setXAxisDecimalPattern("#");
    int index = 0;
    for (String sampler : table.samplers()) {
      boolean fitted = sampler.equals(FITTED);
      List<Row> rows =
          table.of(Role.SAMPLER).stream().filter(row -> row.sampler().equals(sampler)).toList();
      XYSeries series =
          chart.addSeries(
              sampler,
              rows.stream().map(CallsPlot::calls).toList(),
              rows.stream().map(this::place).toList());
      Color color = fitted ? FITTED_COLOR : COLORS.get(index % COLORS.size());
      series.setMarkerColor(color).setLineColor(color);
      series.setLineWidth(fitted ? 3 : 1.5f);
      series.setMarker(fitted ? SeriesMarkers.CIRCLE : MARKERS.get(index % MARKERS.size()));
      index += fitted ? 0 : 1;
    }
    for (Row row : table.rows()) {
      if (isDrawnAcross(row)) {
        across(chart, row);
      }
    }
    return chart;
  }

  private double place(Row row) {
    return logarithmic ? Math.log10(row.distance().value()) : row.distance().value();
  }

  private String title() {
    List<String> words = new ArrayList<>();
    words.add(table.words().getOrDefault("run", "quality against calls"));
    if (table.words().containsKey("guidance")) {
      words.add("guidance " + table.words().get("guidance"));
    }
    for (Row row : table.rows()) {
      if (row.role() != Role.SAMPLER && !isDrawnAcross(row)) {
        words.add(
            String.format(Locale.ROOT, "%s at %.2g", nameAcross(row), row.distance().value()));
      }
    }
    return String.join(", ", words);
  }

  private boolean isDrawnAcross(Row row) {
    return row.role() != Role.SAMPLER && (!logarithmic || row.distance().value() > 0);
  }

  private static String nameAcross(Row row) {
    return row.role() == Role.DATA
        ? row.sampler()
        : "%s:%s, teacher".formatted(row.sampler(), row.calls());
  }

  private void across(XYChart chart, Row row) {
    List<Integer> ends = new ArrayList<>();
    table.of(Role.SAMPLER).stream().mapToInt(CallsPlot::calls).min().ifPresent(ends::add);
    table.of(Role.SAMPLER).stream().mapToInt(CallsPlot::calls).max().ifPresent(ends::add);
    double value = place(row);
    XYSeries series =
        chart.addSeries(nameAcross(row), ends, ends.stream().map(end -> value).toList());
    series
        .setLineColor(row.role() == Role.DATA ? DATA_COLOR : TEACHER_COLOR)
        .setLineStyle(
            new BasicStroke(
                1.5f,
                BasicStroke.CAP_BUTT,
                BasicStroke.JOIN_ROUND,
                10,
                row.role() == Role.DATA ? new float[] {2, 4} : new float[] {8, 5},
                0));
    series.setMarker(SeriesMarkers.NONE);
  }

  private static int calls(Row row) {
    Integer calls = row.calls();
    return calls == null ? 0 : calls;
  }
}
