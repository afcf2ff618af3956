package dev.ancestral.picture;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Scatters on one pair of axes: the first feature against the second, or, where there is only one,
 * against the sample's index. Points that are not finite are left out.
 */
public final class Scatter {
  private static final int SIDE = 480;
  private static final int MARKER = 4;
  private static final Color COLOR = new Color(0x1f, 0x5f, 0xa8);
  private static final double MARGIN = 0.05;

  private final Range x;
  private final Range y;
  private final int side;

  private record Range(double min, double max) {
    static Range of(List<List<float[]>> frames, int axis) {
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      for (List<float[]> frame : frames) {
        for (double value : coordinates(frame, axis)) {
          min = Math.min(min, value);
          max = Math.max(max, value);
        }
      }
      if (min > max) {
        return new Range(0, 1);
      }
      double margin = Math.max((max - min) * MARGIN, Math.ulp((float) max) + Float.MIN_NORMAL);
      return new Range(min - margin, max + margin);
    }
  }

  private Scatter(Range x, Range y, int side) {
    this.x = x;
    this.y = y;
    this.side = side;
  }

  /** Axes on which every point of every frame is seen. */
  public static Scatter of(List<List<float[]>> frames) {
    return of(frames, SIDE);
  }

  /** As {@link #of(List)}, in pictures of {@code side}×{@code side} pixels. */
  public static Scatter of(List<List<float[]>> frames, int side) {
    return new Scatter(Range.of(frames, 0), Range.of(frames, 1), side);
  }

  /** The picture of these points. */
  public BufferedImage frame(List<float[]> points) {
    XYChart chart = new XYChartBuilder().width(side).height(side).build();
    chart
        .getStyler()
        .setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
        .setXAxisMin(x.min())
        .setXAxisMax(x.max())
        .setYAxisMin(y.min())
        .setYAxisMax(y.max())
        .setMarkerSize(MARKER)
        .setLegendVisible(false)
        .setChartBackgroundColor(Color.WHITE);
    double[] across = coordinates(points, 0);
    if (across.length > 0) {
      chart
          .addSeries("points", across, coordinates(points, 1))
          .setMarker(SeriesMarkers.CIRCLE)
          .setMarkerColor(COLOR);
    }
    return Charts.draw(chart);
  }

  private static double[] coordinates(List<float[]> points, int axis) {
    return IntStream.range(0, points.size())
        .filter(i -> isFinite(points.get(i)))
        .mapToDouble(i -> axis < points.get(i).length ? points.get(i)[axis] : i)
        .toArray();
  }

  private static boolean isFinite(float[] point) {
    for (float value : point) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
