package dev.ancestral.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code evaluate} says of each mistake: one line, the offender, the expectation. */
class EvaluateErrorsTest {
  @TempDir private Path directory;
  private Path run = Path.of("");
  private Path samples = Path.of("");

  @BeforeEach
  void layOut() throws IOException {
    run = Files.createDirectory(directory.resolve("run"));
    samples = Files.createDirectory(directory.resolve("samples"));
    trainedOn("builtin:digits");
  }

  private void trainedOn(String source) throws IOException {
    Files.writeString(run.resolve("config.yaml"), "data: {source: '" + source + "'}\n");
  }

  private void assertRefused(String line) {
    CommandRun evaluate =
        CommandRun.of("evaluate", "--run", run.toString(), "--samples", samples.toString());
    assertEquals("error: " + line, evaluate.err());
    assertEquals(1, evaluate.code());
    assertEquals("", evaluate.out());
  }

  @Test
  void aDirectoryThatIsNoRunIsRefused() throws IOException {
    Files.delete(run.resolve("config.yaml"));
    assertRefused(run + ": holds no config.yaml (expected: a directory that `train` wrote)");
    Files.writeString(run.resolve("config.yaml"), "dta: {}\n");
    assertRefused(run.resolve("config.yaml") + ": dta: unknown key (did you mean data?)");
  }

  @Test
  void aRunWithoutACheckpointHasNoLikelihood() throws IOException {
    Files.writeString(
        run.resolve("config.yaml"),
        "data: {source: 'builtin:swiss-roll'}\nnetwork: {type: conditional_mlp}\n");
    CommandRun evaluate = CommandRun.of("evaluate", "--run", run.toString());
    assertEquals(
        "error: " + run + ": has no checkpoint yet (expected: at least 1)", evaluate.err());
    assertEquals(1, evaluate.code());
  }

  @Test
  void aFolderWithoutSamplesIsRefused() throws IOException {
    assertRefused(samples + ": holds no sample (expected: 000.png and so on)");
    trainedOn("builtin:swiss-roll");
    assertRefused(samples + ": holds no samples.csv (expected: a folder that `sample` wrote)");
    Files.delete(samples);
    assertRefused(samples + ": holds no samples.csv (expected: a folder that `sample` wrote)");
    trainedOn("builtin:digits");
    assertRefused(samples + ": no such directory (expected: a folder that `sample` wrote)");
  }

  @Test
  void imagesOfAnotherSize_orUnreadableOnes_areRefused() throws IOException {
    Path file = samples.resolve("000.png");
    ImageIO.write(new BufferedImage(9, 8, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
    assertRefused(
        file + ": is not an image of [1, 8, 8] (expected: as the data, [channels, height, width])");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertRefused(file + ": is cut");
  }

  @Test
  void pointsOfAnotherLength_orBadNumbers_areRefused() throws IOException {
    trainedOn("builtin:swiss-roll");
    Path file = Files.writeString(samples.resolve("samples.csv"), "x0,x1,x2\n1,2,3\n");
    assertRefused(file + ": 3 numbers a line (expected: 2, as the data have)");
    Files.writeString(file, "x0,x1\n1,2\n3,NaN\n");
    assertRefused(file + ":3: NaN (expected: finite numbers)");
    Files.writeString(file, "x0,x1\n1,2\n");
    assertRefused("energy distance: 1 point (expected: at least 2 on each side)");
  }

  @Test
  void anotherSourceOfOtherPoints_isRefused() throws IOException {
    trainedOn("builtin:swiss-roll");
    Path other = Files.writeString(directory.resolve("other.csv"), "1,2,3\n4,5,6\n7,8,9\n0,0,0\n");
    Path file = Files.writeString(samples.resolve("samples.csv"), "x0,x1\n1,2\n3,4\n");
    CommandRun evaluate =
        CommandRun.of(
            "evaluate",
            "--run",
            run.toString(),
            "--samples",
            samples.toString(),
            "--data",
            "csv:" + other);
    assertEquals(
        "error: " + file + ": 2 numbers a line (expected: 3, as the data have)", evaluate.err());
  }
}
