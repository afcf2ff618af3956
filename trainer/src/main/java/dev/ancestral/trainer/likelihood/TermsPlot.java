package dev.ancestral.trainer.likelihood;

import dev.ancestral.picture.Charts;
import dev.ancestral.picture.Pixels;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The terms of a bound over t, on a logarithmic scale where all are above 0, as they are but for a
 * density at t = 0.
 */
public final class TermsPlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 480;

  private TermsPlot() {}

  /** The picture as a PNG file. */
  public static byte[] png(Likelihood likelihood) {
    double[] terms = likelihood.meanTerms();
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Terms of the bound (mean of %d samples)".formatted(likelihood.samples()))
            .xAxisTitle("timestep t")
            .yAxisTitle("bits per dimension")
            .theme(Styler.ChartTheme.XChart)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.getStyler().setYAxisLogarithmic(DoubleStream.of(terms).allMatch(term -> term > 0));
    chart
        .addSeries(
            "divergence L_{t-1}",
            IntStream.range(1, terms.length).mapToObj(Integer::valueOf).toList(),
            DoubleStream.of(terms).skip(1).boxed().toList())
        .setMarker(SeriesMarkers.NONE);
    chart.addSeries("decoder L_0", List.of(0), List.of(terms[0])).setMarker(SeriesMarkers.CIRCLE);
    return Pixels.png(Charts.draw(chart));
  }
}
