package dev.ancestral.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.network.Networks;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code train} says of each mistake: one line, the offender, the expectation; and no run. */
class TrainErrorsTest {
  @TempDir private Path directory;

  private CommandRun train(String... args) {
    List<String> all =
        new ArrayList<>(List.of("train", "--out", directory.resolve("run").toString()));
    all.addAll(List.of(args));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private void assertRefused(String line, String... args) throws IOException {
    List<Path> before = files();
    CommandRun run = train(args);
    assertEquals("error: " + line, run.err());
    assertEquals(1, run.code());
    assertEquals("", run.out());
    assertEquals(before, files(), "nothing is left behind");
  }

  private void assertWrongUsage(String line, String... args) throws IOException {
    List<Path> before = files();
    CommandRun run = train(args);
    assertEquals("error: " + line, run.err().lines().findFirst().orElseThrow());
    assertEquals(
        "see: ancestral train --help", run.err().lines().skip(1).findFirst().orElseThrow());
    assertEquals(2, run.code());
    assertEquals(before, files(), "nothing is left behind");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "training.batsh=3 | training.batsh: unknown key (did you mean training.batch?)",
        "trainnig.batch=3 | trainnig: unknown key (did you mean training?)",
        "training.batch=0 | training.batch: 0 (expected: at least 1)",
        "training.learning_rate=fast | training.learning_rate: fast (expected: a number)",
        "network.type=unett | network.type: unknown name 'unett' (expected one of: %s; did you mean"
            + " unet?)",
        "network.layers_per_blok=1 | network.layers_per_blok: unknown key (did you mean"
            + " network.layers_per_block?)",
        "schedule.arguments.beta_start=1 | schedule squaredcos_cap_v2: unknown name 'beta_start'"
            + " (expected one of: offset, max_beta)",
        "schedule.timesteps=0 | schedule.timesteps: 0 (expected: at least 1)",
        "sampling.steps=0 | sampling.steps: 0 (expected: 1..1000)",
        "sampling.steps=1001 | sampling.steps: 1001 (expected: 1..1000)",
        "data.range=[1, -1] | data.range: [1.0, -1.0] (expected: two numbers, the first below the"
            + " second)",
        "data.size=[0] | data.size: 0×0 (expected: at least 1×1)",
        "data.size=[8, 8, 8] | data.size: [8, 8, 8] (expected: [side] or [height, width], or null"
            + " for the size that most of the images have)",
        "data.size=[16] | data: builtin:digits is 1×8×8 (expected: no other data.size or"
            + " data.channels)",
        "data.channels=2 | data.channels: 2 (expected: 1 for gray or 3 for RGB, or null for gray,"
            + " if no pixel of any image has colour)",
        "data.augmentation.translation=8 | data.augmentation.translation: 8 (expected: 0..7 for"
            + " images of 8×8)",
        "network.norm_num_groups=5 | network.norm_num_groups: 5 (expected: a divisor of 32"
            + " channels)",
        "sampling.guidance_weight=200 | sampling.guidance_weight: 200.0 (expected: -100..100)",
        "sampling.guidance_rescale=0.7 | sampling.guidance_rescale: 0.7 (expected: 0, or a"
            + " guidance_weight other than 1)",
        "sampling.eta=7 | sampling.eta: 7 (expected: 0..1)",
        "training | --set training (expected: KEY=VALUE, such as training.batch=32)",
      })
  void settingsAreCheckedBeforeAnythingIsWritten(String setting, String line) throws IOException {
    String networks = String.join(", ", Networks.names());
    assertRefused(line.replace("%s", networks), "--data", "builtin:digits", "--set", setting);
  }

  @Test
  void anUnknownPresetOrFlagIsAnsweredWithTheNearest() throws IOException {
    assertRefused(
        "preset: unknown name 'digit' (expected one of: "
            + String.join(", ", ConfigSources.presets())
            + "; did you mean digits?)",
        "--data",
        "builtin:digits",
        "--preset",
        "digit");
    assertWrongUsage("unknown option '--dta'; did you mean --data?", "--dta", "builtin:digits");
    assertWrongUsage("--data: is missing (expected: where the samples come from)");
    assertWrongUsage(
        "--init: does not go with --resume (expected: a new run)", "--resume", "--init", "other");
    assertWrongUsage(
        "--resume: goes with --out, --data and --set, since the run has its configuration (expected: no"
            + " --preset or --config)",
        "--resume",
        "--preset",
        "digits");
  }

  @Test
  void guidanceThatTheNetworkWillNotLearnIsRefused() throws IOException {
    assertRefused(
        "sampling.guidance_weight: 2.0 (expected: 1, since the network is unconditional)",
        "--data",
        "builtin:digits",
        "--set",
        "data.conditional=false",
        "--set",
        "sampling.guidance_weight=2");
    assertRefused(
        "sampling.guidance_weight: 2.0 (expected: 1, or training.label_dropout above 0, which"
            + " teaches the null label)",
        "--data",
        "builtin:digits",
        "--set",
        "training.label_dropout=0",
        "--set",
        "sampling.guidance_weight=2");
  }

  @Test
  void aConfigurationFileIsReadAsStrictly() throws IOException {
    Path file = directory.resolve("my.yaml");
    assertRefused(
        "--config " + file + ": no such file (expected: YAML)",
        "--data",
        "builtin:digits",
        "--config",
        file.toString());
    Files.writeString(file, "ema:\n  max_deacy: 0.9\n");
    assertRefused(
        "ema.max_deacy: unknown key (did you mean ema.max_decay?)",
        "--data",
        "builtin:digits",
        "--config",
        file.toString());
    Files.writeString(file, "ema: [0.9\n");
    CommandRun run = train("--data", "builtin:digits", "--config", file.toString());
    assertTrue(run.err().startsWith("error: " + file + ": while parsing"), run.err());
    assertTrue(run.err().endsWith("(expected: YAML)"), run.err());
    assertEquals(1, run.err().lines().count());
  }

  @Test
  void aSourceThatDoesNotExistIsNamed() throws IOException {
    Path none = directory.resolve("none");
    assertRefused(
        none + ": no such directory (expected: a folder of images)", "--data", none.toString());
    assertRefused(
        none
            + ": no such directory (expected: one that holds train-images-idx3-ubyte, gzipped or"
            + " not)",
        "--data",
        "idx:" + none);
    assertRefused(none + ": no such file (expected: points, one a line)", "--data", "csv:" + none);
    assertRefused(
        "data: unknown name 'builtin:digit' (expected one of: builtin:digits, builtin:swiss-roll,"
            + " idx:DIR, csv:FILE, FILE.npy, FILE.npz, FILE.zip, FILE.tar, FILE.tar.gz,"
            + " FILE.parquet, a directory of images; did you mean builtin:digits?)",
        "--data",
        "builtin:digit");
  }

  private Path image(String name, int width, int height) throws IOException {
    Path file = directory.resolve("images").resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
    return file;
  }

  @Test
  void aFolderWithoutImages_orWithAnUnreadableOne_isRefused() throws IOException {
    Path images = Files.createDirectory(directory.resolve("images"));
    assertRefused(
        images
            + ": holds no image (expected: .png, .jpg, .jpeg, .webp, .gif, .bmp, .tif, .tiff files,"
            + " at least 1)",
        "--data",
        images.toString());
    Path cut = image("cut.png", 40, 40);
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    assertRefused(
        cut + ": is cut (expected: an image, or data.skip_unreadable=1, which leaves it out)",
        "--data",
        images.toString());
    Files.writeString(cut, "text");
    assertRefused(
        cut
            + ": is not an image, whatever its name says (expected: an image, or"
            + " data.skip_unreadable=1, which leaves it out)",
        "--data",
        images.toString());
  }

  @Test
  void aSizeThatTheNetworkCannotHalveIsRefused() throws IOException {
    image("only.png", 30, 30);
    Path images = directory.resolve("images");
    assertRefused(
        "image size: 30×30 (expected: multiples of 4, which 3 levels can halve)",
        "--data",
        images.toString(),
        "--preset",
        "fashion-mnist");
    assertRefused(
        "image size: 9×12 (expected: multiples of 2, which 2 levels can halve)",
        "--data",
        images.toString(),
        "--set",
        "data.size=[9, 12]");
  }

  @Test
  void anIdxFileThatIsCut_orOfAnotherSize_isRefused() throws IOException {
    Path idx = Files.createDirectory(directory.resolve("idx"));
    Path file = idx.resolve("train-images-idx3-ubyte");
    ByteBuffer bytes = ByteBuffer.allocate(16 + 2 * 28 * 28);
    bytes.putInt(0x803).putInt(2).putInt(28).putInt(28);
    Files.write(file, Arrays.copyOf(bytes.array(), bytes.capacity() - 1));
    assertRefused(
        file + ": ends too early (expected: as many bytes as its header says)",
        "--data",
        "idx:" + idx);
    Files.write(file, bytes.array());
    assertRefused(
        file + ": images of 1×28×28 (expected: no other data.size or data.channels)",
        "--data",
        "idx:" + idx,
        "--set",
        "data.size=[32, 32]");
  }

  @Test
  void aTableWithABadNumberIsRefusedByItsLine() throws IOException {
    Path file = Files.writeString(directory.resolve("points.csv"), "x,y\n1,2\n3,four\n");
    assertRefused(
        file + ":3: '3,four' (expected: numbers separated by commas)", "--data", "csv:" + file);
    Files.writeString(file, "1,2\n3,NaN\n");
    assertRefused(file + ":2: NaN (expected: finite numbers)", "--data", "csv:" + file);
    Files.writeString(file, "1,2\n3\n");
    assertRefused(
        file + ":2: 1 numbers (expected: 2, as in the first point)", "--data", "csv:" + file);
  }

  @Test
  void aPlaceThatIsTakenIsRefused() throws IOException {
    Path run = Files.createDirectory(directory.resolve("run"));
    Files.writeString(run.resolve("letter.txt"), "dear");
    assertRefused(
        run + ": exists and is not empty (expected: a new directory)", "--data", "builtin:digits");
    Files.move(run.resolve("letter.txt"), run.resolve("config.yaml"));
    assertRefused(
        run + ": holds a run already (expected: --resume to go on, or another --out)",
        "--data",
        "builtin:digits");
  }

  @Test
  void whatIsNoRunCannotGoOn() throws IOException {
    Path run = directory.resolve("run");
    assertRefused(
        run + ": holds no config.yaml (expected: a directory that `train` wrote)", "--resume");
    Files.createDirectory(run);
    Files.writeString(run.resolve("config.yaml"), "training: {batch: 0}\n");
    assertRefused(
        run.resolve("config.yaml") + ": training.batch: 0 (expected: at least 1)", "--resume");
  }

  @Test
  void trainingThatDivergesAtOnceSaysSo_andThatNothingGoodStays() {
    CommandRun run =
        train(
            "--data",
            "builtin:swiss-roll",
            "--set",
            "network.width=8",
            "--set",
            "training.learning_rate=1e30",
            "--set",
            "training.warmup=0",
            "--set",
            "output.checkpoint_every=1");
    assertEquals(1, run.code());
    String last = run.err().lines().reduce((first, second) -> second).orElseThrow();
    assertTrue(
        last.matches(
            "error: training diverged at iteration \\d+: loss \\S+, gradient norm \\S+, \\d+ batches skipped"
                + " \\(try a smaller training.learning_rate or training.clip_norm, or a longer"
                + " training.warmup\\); there is no good checkpoint yet"),
        run.err());
  }
}
