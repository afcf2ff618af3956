package dev.ancestral.trainer.run;

import ai.djl.ndarray.NDManager;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.picture.ContactSheet;
import dev.ancestral.picture.Pixels;
import dev.ancestral.picture.Scatter;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.sample.Chain;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws samples of the averaged weights, always from the same noise: sample i is of class i modulo
 * the classes. Owns a network of its own, in a manager that {@link #close} closes.
 */
final class SampleSheet implements AutoCloseable {
  private static final int SEED = 1;
  private static final int COLUMNS = 10;

  private final Task task;
  private final NDManager manager;
  private final Network network;
  private final FlatParameters parameters;

  SampleSheet(NDManager parent, Task task) {
    this.task = task;
    this.manager = parent.newSubManager();
    this.network = task.network();
    this.parameters = FlatParameters.initialize(manager, network.block());
  }

  /** The picture of these weights as a PNG file. */
  byte[] png(float[] ema) {
    parameters.set(ema);
    Conditioning conditioning = task.conditioning();
    long[] labels = new long[task.config().output().samples()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = conditioning == null ? 0 : i % conditioning.numClasses();
    }
    DataSpec spec = task.spec();
    float[][] samples =
        Chain.run(manager, network.block(), task.plan(), spec, labels, conditioning != null, SEED);
    return Pixels.png(spec.isImage() ? sheet(samples, spec) : scatter(samples));
  }

  private static BufferedImage sheet(float[][] samples, DataSpec spec) {
    List<BufferedImage> cells = new ArrayList<>(samples.length);
    for (float[] sample : samples) {
      cells.add(Pixels.image(sample, spec.dimensions(), spec.min(), spec.max()));
    }
    int scale = ContactSheet.comfortableScale(cells.get(0).getWidth());
    return ContactSheet.of(cells, Math.min(COLUMNS, cells.size()), scale);
  }

  private static BufferedImage scatter(float[][] samples) {
    List<float[]> points = List.of(samples);
    return Scatter.of(List.of(points)).frame(points);
  }

  @Override
  public void close() {
    manager.close();
  }
}
