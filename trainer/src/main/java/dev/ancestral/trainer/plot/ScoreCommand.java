package dev.ancestral.trainer.plot;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.cli.Cli;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.picture.Pixels;
import dev.ancestral.picture.VectorField;
import dev.ancestral.trainer.WeightsKind;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.run.RunDirectory;
import dev.ancestral.trainer.run.TrainedNetwork;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plot score}: the score of a network of points as arrows, with a Langevin path in it. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description =
        "Draws the score of a network of points as arrows on a 50x50 grid, above the data, with a Langevin path.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields in.
final class ScoreCommand implements Callable<Integer> {
  private static final int GRID = 50;
  private static final double MARGIN = 1.3;
  private static final double VISIBLE_NOISE = 0.1;

  @Mixin private PlotOptions options;

  @Option(
      names = "--timestep",
      paramLabel = "T",
      description =
          "The timestep whose score is drawn. Default: the first one whose noise is a tenth of its signal.")
  private @Nullable Integer timestep;

  @Override
  public Integer call() throws IOException {
    Dataset data = RunDirectory.open(options.run()).openToMeasure(null, System.err);
    DataSpec spec = data.description().spec();
    if (spec.shape().size() != 1 || spec.elements() != 2) {
      throw new UserError(
          "%s: data of shape %s (expected: points of two features, shape [2])"
              .formatted(options.run(), spec.shape()));
    }
    List<float[]> points = options.draw(data);
    try (TrainedNetwork network =
        TrainedNetwork.load(options.run(), WeightsKind.EMA, PlotOptions::warn)) {
      int t = timestep(network.facts().scheduler().schedule());
      ScoreField field = new ScoreField(network, t);
      VectorField picture = bounds(points);
      float[][] grid = picture.grid(GRID);
      float[] corner = grid[GRID / 5 * (GRID + 1)];
      byte[] png =
          Pixels.png(
              picture.draw(grid, field.at(grid), points, field.path(corner, options.seed())));
      options.write("score.png", png);
    }
    return Cli.DONE;
  }

  private int timestep(NoiseSchedule schedule) {
    int last = schedule.timesteps() - 1;
    if (timestep == null) {
      int t = 0;
      while (t < last && schedule.sigma(t) < VISIBLE_NOISE * schedule.alpha(t)) {
        t++;
      }
      return t;
    }
    if (timestep < 0 || timestep > last) {
      throw new UserError("--timestep: %d (expected: 0..%d)".formatted(timestep, last));
    }
    return timestep;
  }

  private static VectorField bounds(List<float[]> points) {
    double reach = 0;
    for (float[] point : points) {
      reach = Math.max(reach, Math.max(Math.abs(point[0]), Math.abs(point[1])));
    }
    return new VectorField(-MARGIN * reach, MARGIN * reach);
  }
}
