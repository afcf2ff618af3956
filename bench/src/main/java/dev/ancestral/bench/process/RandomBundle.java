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
 * The bundle that is served when nobody gives one: a DDPM U-Net for 32×32 RGB, 32 channels on
 * levels of (1, 2, 2), two blocks a level, attention at 16×16, about 1.6 million parameters. It is
 * trained for one iteration on noise, which is to say not at all: the time a network takes does not
 * depend on its weights.
 */
public final class RandomBundle {
  private static final String NAME = "unet-32";
  private static final Duration CAP = Duration.ofMinutes(5);
  private static final int IMAGES = 8;
  private static final long SEED = 7;
  private static final long[] SHAPE = {3, 32, 32};
  private static final List<String> SETTINGS =
      List.of(
          "data.size=[32,32]",
          "network.block_out_channels=[32,64,64]",
          "network.down_block_types=[DownBlock2D,AttnDownBlock2D,DownBlock2D]",
          "network.up_block_types=[UpBlock2D,AttnUpBlock2D,UpBlock2D]",
          "network.layers_per_block=2",
          "training.iterations=1",
          "training.batch=2",
          "output.samples=1",
          "sampling.steps=1");

  private RandomBundle() {}

  /**
   * The bundle below this directory; made if it is not there yet.
   *
   * @param directory the benchmark's own
   */
  public static Path below(Path directory, Launcher launcher)
      throws IOException, InterruptedException {
    Path bundle = directory.resolve("models").resolve(NAME);
    if (BundleFormat.isBundle(bundle)) {
      return bundle;
    }
    Path images = directory.resolve("images");
    AtomicDirectory.write(images, RandomBundle::draw);
    // A name of its own each time: train refuses a run that was begun before.
    Path run = Files.createTempDirectory(directory, "run-").resolve("run");
    List<String> train =
        new ArrayList<>(List.of("train", "--data", images.toString(), "--out", run.toString()));
    for (String setting : SETTINGS) {
      train.add("--set");
      train.add(setting);
    }
    launcher.run(directory.resolve("train.log"), CAP, train);
    launcher.run(
        directory.resolve("export.log"),
        CAP,
        List.of("export", "--run", run.toString(), "--out", bundle.toString(), "--weights", "raw"));
    return bundle;
  }

  private static void draw(Path directory) throws IOException {
    float[] numbers = new float[Math.toIntExact(SHAPE[0] * SHAPE[1] * SHAPE[2])];
    for (int i = 0; i < IMAGES; i++) {
      GaussianNoise.fill(numbers, SEED, NoisePurpose.DATA, i, 0);
      Files.write(directory.resolve(i + ".png"), Pixels.png(Pixels.image(numbers, SHAPE, -3, 3)));
    }
  }
}
