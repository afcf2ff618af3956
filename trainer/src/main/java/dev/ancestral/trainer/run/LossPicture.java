package dev.ancestral.trainer.run;

import dev.ancestral.files.AtomicFile;
import dev.ancestral.picture.Pixels;
import dev.ancestral.trainer.loop.IterationReport;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The loss over the iterations, as a picture on a logarithmic scale. */
final class LossPicture {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 450;
  private static final int MOST_POINTS = 2000;
  private static final int SMOOTHING = 50;

  private LossPicture() {}

  /** Writes the picture; nothing if there are no iterations yet. */
  static void write(Path file, List<IterationReport> reports) throws IOException {
    if (reports.isEmpty()) {
      return;
    }
    int stride = Math.max(1, (reports.size() + MOST_POINTS - 1) / MOST_POINTS);
    int count = (reports.size() + stride - 1) / stride;
    double[] iterations = new double[count];
    double[] losses = new double[count];
    double[] smooth = new double[count];
    double mean = reports.get(0).loss();
    for (int i = 0; i < reports.size(); i++) {
      double loss = reports.get(i).loss();
      mean += (loss - mean) / Math.min(i + 1, SMOOTHING);
      if (i % stride == 0) {
        iterations[i / stride] = reports.get(i).iteration();
        // A loss of exactly zero has no logarithm.
        losses[i / stride] = Math.max(loss, Float.MIN_NORMAL);
        smooth[i / stride] = Math.max(mean, Float.MIN_NORMAL);
      }
    }
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("training loss")
            .xAxisTitle("iteration")
            .yAxisTitle("mean squared error")
            .build();
    chart.getStyler().setYAxisLogarithmic(true).setChartBackgroundColor(Color.WHITE);
    chart
        .addSeries("each iteration", iterations, losses)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(new Color(0xB8, 0xC8, 0xE0))
        .setLineWidth(0.8f);
    chart
        .addSeries("running mean", iterations, smooth)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(new Color(0x20, 0x50, 0xA0))
        .setLineWidth(2);
    BufferedImage image = BitmapEncoder.getBufferedImage(chart);
    AtomicFile.write(file, out -> out.write(Pixels.png(image)));
  }
}
