package dev.ancestral.bench.process;

import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.files.AtomicDirectory;
import dev.ancestral.picture.Pixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The bundle of a network that is served when nobody gives one. It is trained for one iteration on
 * noise, which is to say not at all.
 */
public final class RandomBundle {
  private static final Duration CAP = Duration.ofMinutes(5);
  private static final int IMAGES = 8;
  private static final int CHANNELS = 3;
  private static final long SEED = 7;
  private static final List<String> SETTINGS =
      List.of(
          "network.layers_per_block=2",
          "training.iterations=1",
          "training.batch=2",
          "output.samples=1",
          "sampling.steps=50");

  private RandomBundle() {}

  /**
   * The bundle below this directory; made if it is not there yet.
   *
   * @param directory the benchmark's own
   */
  public static Path below(Path directory, Launcher launcher, RandomNetwork network)
      throws IOException, InterruptedException {
    Path bundle = directory.resolve("models").resolve(network.label());
    if (BundleFormat.isBundle(bundle)) {
      return bundle;
    }
    Path images = directory.resolve("images-" + network.side());
    AtomicDirectory.write(images, into -> draw(into, network.side()));
    // A name of its own each time: train refuses a run that was begun before.
    Path run = Files.createTempDirectory(directory, "run-").resolve("run");
    List<String> train =
        new ArrayList<>(List.of("train", "--data", images.toString(), "--out", run.toString()));
    List<String> settings = new ArrayList<>(SETTINGS);
    settings.add("data.size=[%1$d,%1$d]".formatted(network.side()));
    settings.addAll(network.settings());
    for (String setting : settings) {
      train.add("--set");
      train.add(setting);
    }
    launcher.run(directory.resolve("train.log"), CAP, train);
    launcher.run(
        directory.resolve("export.log"),
        CAP,
        List.of(
            "export",
            "--no-fit",
            "--run",
            run.toString(),
            "--out",
            bundle.toString(),
            "--weights",
            "raw"));
    return bundle;
  }

  private static void draw(Path directory, int side) throws IOException {
    long[] shape = {CHANNELS, side, side};
    float[] numbers = new float[CHANNELS * side * side];
    for (int i = 0; i < IMAGES; i++) {
      GaussianNoise.fill(numbers, SEED, NoisePurpose.DATA, i, 0);
      Files.write(directory.resolve(i + ".png"), Pixels.png(Pixels.image(numbers, shape, -3, 3)));
    }
  }
}
