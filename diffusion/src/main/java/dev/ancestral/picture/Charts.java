package dev.ancestral.picture;

import java.awt.image.BufferedImage;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

/** Charts as pictures, on machines without fonts too. */
public final class Charts {
  private Charts() {}

  /** The chart, in its own size. */
  public static BufferedImage draw(Chart<?, ?> chart) {
    Fonts.require();
    return BitmapEncoder.getBufferedImage(chart);
  }
}
