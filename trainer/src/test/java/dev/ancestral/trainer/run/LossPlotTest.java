package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class LossPlotTest {
  @Test
  void lossesBelowZeroAreDrawnToo() throws Exception {
    byte[] png = LossPlot.png(List.of(0.5, 0.1, -0.4, -0.9));
    assertEquals(900, ImageIO.read(new ByteArrayInputStream(png)).getWidth());
  }
}
