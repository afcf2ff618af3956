package dev.ancestral.trainer.run;

import dev.ancestral.picture.Charts;
import dev.ancestral.picture.Pixels;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * {@code loss.png}: the loss, as means over equal stretches of iterations, on a logarithmic scale
 * where every mean is above 0, which some losses are not.
 */
final class LossPlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 480;
  private static final int MOST_POINTS = 300;

  private LossPlot() {}

  /**
   * The picture as a PNG file.
   *
   * @param losses from the first iteration on, at least one; those that are no number are left out
   */
  static byte[] png(List<Double> losses) {
    int stretch = (losses.size() + MOST_POINTS - 1) / MOST_POINTS;
    List<Double> iterations = new ArrayList<>();
    List<Double> means = new ArrayList<>();
    for (int from = 0; from < losses.size(); from += stretch) {
      List<Double> part = losses.subList(from, Math.min(losses.size(), from + stretch));
      double mean = Metrics.recent(part, part.size());
      if (Double.isFinite(mean)) {
        iterations.add(from + (part.size() + 1) / 2.0);
        means.add(mean);
      }
    }
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(stretch == 1 ? "Loss" : "Loss (mean of %d iterations each)".formatted(stretch))
            .xAxisTitle("iteration")
            .yAxisTitle("loss")
            .theme(Styler.ChartTheme.XChart)
            .build();
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setYAxisLogarithmic(means.stream().allMatch(mean -> mean > 0));
    XYSeries series = chart.addSeries("loss", iterations, means);
    series.setMarker(SeriesMarkers.NONE);
    BufferedImage image = Charts.draw(chart);
    return Pixels.png(image);
  }
}
