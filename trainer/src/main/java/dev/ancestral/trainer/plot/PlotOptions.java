package dev.ancestral.trainer.plot;

import dev.ancestral.cli.Printable;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.data.Dataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every plot takes. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields in.
final class PlotOptions {
  private static final int IMAGES = 8;
  private static final int POINTS = 1000;

  @Option(names = "--run", required = true, paramLabel = "RUN", description = "The run directory.")
  private Path run;

  @Option(
      names = "--out",
      paramLabel = "FILE.png",
      description = "The picture. Default: the plot's name, in the run directory.")
  private @Nullable Path out;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Seed of samples and noise. Default: ${DEFAULT-VALUE}.")
  private long seed;

  Path run() {
    return run;
  }

  long seed() {
    return seed;
  }

  /** How many samples a picture of such data shows. */
  static int count(boolean images) {
    return images ? IMAGES : POINTS;
  }

  /** Different samples of the data, by the seed. */
  List<float[]> draw(Dataset data) {
    int[] order = new PhiloxRandom(seed, NoisePurpose.DATA, 1, 0).permutation(data.size());
    int count = Math.min(count(data.description().spec().isImage()), data.size());
    List<float[]> drawn = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float[] sample = new float[data.description().spec().elements()];
      data.sample(order[i], sample);
      drawn.add(sample);
    }
    return drawn;
  }

  /** Tells of a damaged checkpoint that was passed over. */
  static void warn(String notice) {
    System.err.println("warning: " + Printable.line(notice));
  }

  /** Writes the picture and says where it is. */
  void write(String name, byte[] png) throws IOException {
    Path file = out == null ? run.resolve(name) : out;
    AtomicFile.write(file, stream -> stream.write(png));
    System.err.println(Printable.line("drawn: " + file));
  }
}
