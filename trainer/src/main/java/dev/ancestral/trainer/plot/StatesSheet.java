package dev.ancestral.trainer.plot;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.picture.ContactSheet;
import dev.ancestral.picture.Panels;
import dev.ancestral.picture.Panels.Panel;
import dev.ancestral.picture.Pixels;
import dev.ancestral.picture.Scatter;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** The states of several samples at a row of times: a column of images or a scatter for each. */
final class StatesSheet {
  private static final int SCATTER_COLUMNS = 5;
  private static final int SCATTER_SIDE = 300;

  private final DataSpec spec;
  private final List<String> captions = new ArrayList<>();
  private final List<List<float[]>> states = new ArrayList<>();

  StatesSheet(DataSpec spec) {
    this.spec = spec;
  }

  /** Copies the samples' states at the next time. */
  void add(String caption, List<float[]> samples) {
    captions.add(caption);
    states.add(samples.stream().map(float[]::clone).toList());
  }

  /** The PNG file. */
  byte[] png() {
    List<Panel> panels = new ArrayList<>();
    Scatter axes = spec.isImage() ? null : Scatter.of(states, SCATTER_SIDE);
    for (int i = 0; i < captions.size(); i++) {
      List<float[]> samples = states.get(i);
      panels.add(new Panel(captions.get(i), axes == null ? column(samples) : axes.frame(samples)));
    }
    return Pixels.png(Panels.of(panels, spec.isImage() ? panels.size() : SCATTER_COLUMNS));
  }

  private BufferedImage column(List<float[]> samples) {
    List<BufferedImage> cells =
        samples.stream()
            .map(sample -> Pixels.image(sample, spec.dimensions(), spec.min(), spec.max()))
            .toList();
    return ContactSheet.of(cells, 1, ContactSheet.comfortableScale(cells.get(0).getWidth()));
  }
}
