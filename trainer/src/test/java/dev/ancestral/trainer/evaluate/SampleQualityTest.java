package dev.ancestral.trainer.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.picture.Pixels;
import dev.ancestral.trainer.data.DataOptions;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleQualityTest {
  private final Dataset digits = Datasets.open("builtin:digits", DataOptions.DEFAULTS);
  private final DataSpec spec = digits.description().spec();

  @TempDir private Path directory;

  private float[] digit(int index) {
    float[] image = new float[spec.elements()];
    digits.sample(index, image);
    return image;
  }

  @Test
  void classifierKnowsRealDigits_butNotUniformNoise() {
    PhiloxRandom random = new PhiloxRandom(5, NoisePurpose.DATA, 1, 0);
    List<float[]> noise = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      float[] image = new float[spec.elements()];
      for (int k = 0; k < image.length; k++) {
        image[k] = random.nextFloat() * 2 - 1;
      }
      noise.add(image);
      labels.add(i % 10);
    }
    SampleQuality quality = SampleQuality.measure(digits, new Images(noise, labels), 0);
    Confidence real = present(quality.real());
    Confidence drawn = present(quality.drawn());
    assertEquals(359, real.images());
    assertTrue(present(real.labelRight()) > 0.95, quality.table());
    assertTrue(present(drawn.labelRight()) < 0.3, quality.table());
    assertTrue(drawn.mean() < real.mean() - 0.1, quality.table());
    assertEquals(0, quality.drawnNearest().equal());
    assertTrue(quality.table().contains("no sample equals a training image"));
  }

  private static <T> T present(@Nullable T value) {
    return Objects.requireNonNull(value);
  }

  @Test
  void trainingImageAmongTheSamples_isFound_alsoThroughEightBits() throws Exception {
    Files.write(
        directory.resolve("000.png"),
        Pixels.png(Pixels.image(digit(7), spec.dimensions(), spec.min(), spec.max())));
    Images images = SampleFolder.read(directory, spec);
    NearestImages nearest = NearestImages.find(images.pixels(), new int[] {-1}, digits);
    assertEquals(1, nearest.equal());
    assertEquals(0, nearest.smallest(), 1 / 255.0);
  }

  @Test
  void leavingAnImageOut_findsItsNeighbour() {
    NearestImages itself = NearestImages.find(List.of(digit(3)), new int[] {-1}, digits);
    NearestImages other = NearestImages.find(List.of(digit(3)), new int[] {3}, digits);
    assertEquals(0, itself.smallest(), 0);
    assertTrue(other.smallest() > 0.05, "nearest other digit at " + other.smallest());
  }

  @Test
  void labels_areReadBesideTheSamples() throws Exception {
    for (int i = 0; i < 2; i++) {
      Files.write(
          directory.resolve("00" + i + ".png"),
          Pixels.png(Pixels.image(digit(i), spec.dimensions(), spec.min(), spec.max())));
    }
    Files.writeString(
        directory.resolve("labels.csv"), "file,label,name\n001.png,1,\"a, b\"\n000.png,0,c\n");
    assertEquals(List.of(0, 1), SampleFolder.read(directory, spec).labels());
  }

  @Test
  void folderWithoutSamples_isRefused() {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> SampleFolder.read(directory, spec))
                .getMessage());
    assertEquals(directory + ": holds no sample (expected: 000.png and so on)", message);
  }
}
