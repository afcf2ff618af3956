package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.TrainerMain;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;

/**
 * Trainings in processes of their own, below one directory, on ten images that are there, too.
 *
 * @param directory of runs and images
 */
record ChildTraining(Path directory) {
  static final long PATIENCE_SECONDS = 120;

  private static final int IMAGES = 10;

  /** Makes the images, in two classes; returns their folder. */
  Path images() throws IOException {
    PhiloxRandom random = new PhiloxRandom(1, NoisePurpose.DATA, 0, 0);
    Path folder = directory.resolve("images");
    for (int i = 0; i < IMAGES; i++) {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
      for (int pixel = 0; pixel < 64; pixel++) {
        image.setRGB(pixel % 8, pixel / 8, random.nextInt());
      }
      Path below = Files.createDirectories(folder.resolve("class" + i % 2));
      ImageIO.write(image, "png", below.resolve(i + ".png").toFile());
    }
    return folder;
  }

  /** The command that trains a run. */
  List<String> command(String run, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dai.djl.offline=true",
                "-Djava.awt.headless=true",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                TrainerMain.class.getName(),
                "train",
                "--out",
                directory.resolve(run).toString()));
    command.addAll(arguments);
    return command;
  }

  Process start(String run, List<String> arguments) throws IOException {
    return start(run, command(run, arguments).toArray(String[]::new));
  }

  /** Starts a command whose messages are those of a run. */
  Process start(String run, String... command) throws IOException {
    return new ProcessBuilder(command).redirectError(said(run).toFile()).start();
  }

  /** Where the messages of the newest process of this run are. */
  Path said(String run) {
    return directory.resolve(run + ".log");
  }

  static int await(Process process) throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      fail("the process did not end in " + PATIENCE_SECONDS + " s");
    }
    return process.exitValue();
  }

  static void finish(Process process) throws InterruptedException {
    assertEquals(0, await(process));
  }
}
