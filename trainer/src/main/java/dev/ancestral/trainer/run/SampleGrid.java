package dev.ancestral.trainer.run;

import ai.djl.ndarray.NDManager;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.picture.ContactSheet;
import dev.ancestral.picture.Pixels;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.sample.Chain;
import dev.ancestral.trainer.sample.Plans;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws the grids of a run: always from the same noise, so that they show how the network changes.
 *
 * <p>Has a network of its own, which is given the averaged weights each time. Not thread-safe;
 * closing it frees its arrays.
 */
final class SampleGrid implements AutoCloseable {
  private final NDManager manager;
  private final Network network;
  private final FlatParameters parameters;
  private final ChainPlan plan;
  private final DataSpec spec;
  private final @Nullable Conditioning conditioning;
  private final int count;
  private final long seed;

  SampleGrid(NDManager parent, TrainingConfig config, DataFacts data, Network network) {
    this.manager = parent.newSubManager();
    this.network = network;
    this.parameters = FlatParameters.initialize(manager, network.block());
    this.plan = Plans.of(config, data.description().spec());
    this.spec = data.description().spec();
    this.conditioning = data.conditioning(config);
    this.count = config.output().samples();
    this.seed = config.training().seed();
  }

  /**
   * Writes a grid.
   *
   * @param weights of the network, in the order of its flat parameters
   */
  void write(Path file, float[] weights) throws IOException {
    if (!spec.isImage()) {
      return;
    }
    parameters.set(weights);
    float[][] samples =
        Chain.run(
            manager,
            network.block(),
            plan,
            spec,
            Plans.labels(conditioning, count),
            conditioning != null,
            seed);
    List<BufferedImage> cells =
        Arrays.stream(samples)
            .map(sample -> Pixels.image(sample, spec.dimensions(), spec.min(), spec.max()))
            .toList();
    int columns = conditioning == null ? squareColumns() : columnsFor(conditioning.numClasses());
    BufferedImage sheet =
        ContactSheet.of(
            cells, columns, ContactSheet.comfortableScale(Math.toIntExact(spec.shape().get(2))));
    AtomicFile.write(file, out -> out.write(Pixels.png(sheet)));
  }

  /** A column for each class, where that fits a page. */
  private int columnsFor(int classes) {
    return classes <= 2 * squareColumns() ? Math.min(classes, count) : squareColumns();
  }

  private int squareColumns() {
    return (int) Math.ceil(Math.sqrt(count));
  }

  @Override
  public void close() {
    manager.close();
  }
}
