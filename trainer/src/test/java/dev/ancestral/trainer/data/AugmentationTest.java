package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final DataSpec TWO_BY_THREE = new DataSpec(List.of(3L, 2L, 3L), -1, 1, 256);
  private static final float[] IMAGE = {
    1, 2, 3, 4, 5, 6, //
    10, 20, 30, 40, 50, 60, //
    100, 200, 300, 400, 500, 600
  };

  private static float[] changed(Augmentation augmentation, int row) {
    float[] image = IMAGE.clone();
    augmentation.apply(image, TWO_BY_THREE, new PhiloxRandom(7, NoisePurpose.AUGMENTATION, 1, row));
    return image;
  }

  @Test
  void itSaysWhatItDoes() {
    assertEquals(
        "horizontal flip on, translation up to 2 pixels",
        new Augmentation(true, false, 2).inWords());
    assertEquals(
        "horizontal flip off, vertical flip on, translation up to 0 pixels",
        new Augmentation(false, true, 0).inWords());
  }

  @Test
  void withoutAugmentationNothingChanges() {
    for (int row = 0; row < 20; row++) {
      assertArrayEquals(IMAGE, changed(Augmentation.NONE, row));
    }
  }

  @Test
  void everyOtherImageIsMirrored_eachChannelAndRow() {
    float[] mirrored = {
      3, 2, 1, 6, 5, 4, //
      30, 20, 10, 60, 50, 40, //
      300, 200, 100, 600, 500, 400
    };
    int count = 0;
    for (int row = 0; row < 1000; row++) {
      float[] image = changed(new Augmentation(true, false, 0), row);
      if (!Arrays.equals(image, IMAGE)) {
        assertArrayEquals(mirrored, image);
        count++;
      }
    }
    // The standard deviation is 16.
    assertEquals(500, count, 60);
  }

  @Test
  void everyOtherImageIsTurnedUpsideDown_byItself() {
    float[] turned = {
      4, 5, 6, 1, 2, 3, //
      40, 50, 60, 10, 20, 30, //
      400, 500, 600, 100, 200, 300
    };
    int count = 0;
    Set<Float> corners = new HashSet<>();
    for (int row = 0; row < 1000; row++) {
      float[] image = changed(new Augmentation(false, true, 0), row);
      if (!Arrays.equals(image, IMAGE)) {
        assertArrayEquals(turned, image);
        count++;
      }
      corners.add(changed(new Augmentation(true, true, 0), row)[0]);
    }
    // The standard deviation is 16.
    assertEquals(500, count, 60);
    assertEquals(Set.of(1f, 3f, 4f, 6f), corners, "each flip with or without the other");
  }

  @Test
  void translationRepeatsTheEdge_inEveryDirection() {
    Set<List<Float>> seen = new HashSet<>();
    for (int row = 0; row < 200; row++) {
      float[] image = changed(new Augmentation(false, false, 1), row);
      seen.add(List.of(image[0], image[1], image[2], image[3], image[4], image[5]));
      // The channels move together.
      for (int i = 0; i < 6; i++) {
        assertEquals(10 * image[i], image[6 + i]);
        assertEquals(100 * image[i], image[12 + i]);
      }
    }
    assertEquals(
        Set.of(
            List.of(1f, 2f, 3f, 4f, 5f, 6f),
            List.of(1f, 1f, 2f, 4f, 4f, 5f),
            List.of(2f, 3f, 3f, 5f, 6f, 6f),
            List.of(1f, 2f, 3f, 1f, 2f, 3f),
            List.of(1f, 1f, 2f, 1f, 1f, 2f),
            List.of(2f, 3f, 3f, 2f, 3f, 3f),
            List.of(4f, 5f, 6f, 4f, 5f, 6f),
            List.of(4f, 4f, 5f, 4f, 4f, 5f),
            List.of(5f, 6f, 6f, 5f, 6f, 6f)),
        seen);
  }

  @Test
  void whatCannotBeDoneToTheDataIsRefused() {
    DataDescription points =
        new DataDescription("csv:a", new DataSpec(List.of(2L), 0, 1, 0), List.of());
    DataDescription images = new DataDescription("pictures", TWO_BY_THREE, List.of());
    new Augmentation(true, false, 1).requireFits(images);
    Augmentation.NONE.requireFits(points);
    assertEquals(
        "data.augmentation: is for images (expected: none for csv:a)",
        refusal(new Augmentation(true, false, 0), points));
    assertEquals(
        "data.augmentation.translation: 2 (expected: 0..1 for images of 2×3)",
        refusal(new Augmentation(false, false, 2), images));
    assertEquals(
        "data.augmentation.translation: -1 (expected: at least 0)",
        assertThrows(IllegalArgumentException.class, () -> new Augmentation(false, false, -1))
            .getMessage());
  }

  private static String refusal(Augmentation augmentation, DataDescription data) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> augmentation.requireFits(data))
            .getMessage());
  }
}
