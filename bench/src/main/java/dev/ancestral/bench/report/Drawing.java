package dev.ancestral.bench.report;

import dev.ancestral.picture.Charts;
import dev.ancestral.picture.Pixels;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A plot as a picture. */
final class Drawing {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 480;

  private Drawing() {}

  /** The PNG file. */
  static byte[] png(Plot plot) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(plot.title())
            .xAxisTitle(plot.x())
            .yAxisTitle(plot.y())
            .theme(Styler.ChartTheme.XChart)
            .build();
    chart.getStyler().setYAxisLogarithmic(plot.logarithmic());
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW);
    for (Plot.Curve curve : plot.curves()) {
      chart.addSeries(curve.label(), curve.x(), curve.y()).setMarker(SeriesMarkers.CIRCLE);
    }
    return Pixels.png(Charts.draw(chart));
  }
}
