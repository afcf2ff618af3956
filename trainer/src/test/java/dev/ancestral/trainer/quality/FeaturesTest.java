package dev.ancestral.trainer.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.data.DataOptions;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FeaturesTest {
  private static Features ofDigits;
  private static Features asTheyAre;
  private static List<float[]> unseen;
  private static int[] labels;
  private static List<float[]> others;
  private static int[] otherLabels;

  @BeforeAll
  static void train() {
    Dataset digits = Datasets.open("builtin:digits", DataOptions.DEFAULTS);
    int[] order = new PhiloxRandom(0, NoisePurpose.DATA, 0, 0).permutation(digits.size());
    LabelledSamples seen = LabelledSamples.of(digits, Arrays.copyOf(order, 997));
    ofDigits = Classifier.train(seen, 0);
    asTheyAre = Features.fit(seen, 0);
    LabelledSamples one = LabelledSamples.of(digits, Arrays.copyOfRange(order, 997, 1397));
    LabelledSamples two = LabelledSamples.of(digits, Arrays.copyOfRange(order, 1397, 1797));
    unseen = images(one);
    labels = labels(one);
    others = images(two);
    otherLabels = labels(two);
  }

  @AfterAll
  static void close() {
    ofDigits.close();
    asTheyAre.close();
  }

  private static List<float[]> images(LabelledSamples samples) {
    List<float[]> images = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      images.add(samples.sample(i));
    }
    return images;
  }

  private static int[] labels(LabelledSamples samples) {
    int[] labels = new int[samples.size()];
    Arrays.setAll(labels, samples::label);
    return labels;
  }

  @Test
  void picturesOfFewNumbers_areTheirOwnFeatures_andAClassifierKnowsTheirLabels() {
    assertArrayEquals(unseen.get(7), asTheyAre.of(unseen)[7]);
    assertEquals(64, asTheyAre.size());
    assertTrue(asTheyAre.labelAccuracy(unseen, labels).orElseThrow() > 0.95);
  }

  @Test
  void theHiddenLayerOfAClassifierKnowsTheClasses() {
    float[][] features = ofDigits.of(unseen);
    assertEquals(64, ofDigits.size());
    assertEquals(400, features.length);
    assertEquals(64, features[399].length);
    assertTrue(ofDigits.labelAccuracy(unseen, labels).orElseThrow() > 0.95);
    int[] next = Arrays.stream(labels).map(label -> (label + 1) % 10).toArray();
    assertTrue(ofDigits.labelAccuracy(unseen, next).orElseThrow() < 0.05);
  }

  @Test
  void features_areThoseOfEachImageAlone() {
    float[][] together = ofDigits.of(unseen.subList(0, 130));
    float[][] alone = ofDigits.of(unseen.subList(129, 130));
    assertArrayEquals(alone[0], together[129], 1e-4f);
  }

  @Test
  void features_areWhatTheClassesAreToldFrom() {
    // Nearest other digit in the features: of the same class far more often than by chance.
    float[][] features = ofDigits.of(unseen);
    int same = 0;
    for (int i = 0; i < features.length; i++) {
      int nearest = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int j = 0; j < features.length; j++) {
        double distance = 0;
        for (int k = 0; k < 64; k++) {
          distance += Math.pow(features[i][k] - features[j][k], 2);
        }
        if (j != i && distance < least) {
          least = distance;
          nearest = j;
        }
      }
      same += labels[nearest] == labels[i] ? 1 : 0;
    }
    assertTrue(same > 360, same + " of 400");
  }

  @Test
  void blurIsFarther_andALostClassLowersRecall() {
    float[][] reference = ofDigits.of(unseen);
    float[][] real = ofDigits.of(others);
    List<float[]> faint = new ArrayList<>();
    List<float[]> without = new ArrayList<>();
    for (int i = 0; i < others.size(); i++) {
      float[] image = others.get(i).clone();
      for (int k = 0; k < image.length; k++) {
        image[k] = 0.5f * image[k] - 0.5f;
      }
      faint.add(image);
      if (otherLabels[i] > 2) {
        without.add(others.get(i));
      }
    }
    double floor = FrechetDistance.between(real, reference);
    assertTrue(FrechetDistance.between(ofDigits.of(faint), reference) > 5 * floor);
    Variety all = Variety.of(real, reference, Variety.NEIGHBOURS);
    Variety fewer = Variety.of(ofDigits.of(without), reference, Variety.NEIGHBOURS);
    assertTrue(all.recall() > 0.7, all.toString());
    assertTrue(fewer.recall() < all.recall() - 0.15, all + " " + fewer);
    assertTrue(fewer.precision() > all.precision() - 0.05, all + " " + fewer);
  }

  @Test
  void whatAModelDrewForItsLabels_trainsAClassifierToo() {
    DataSpec spec = new DataSpec(List.of(3L, 5L, 5L), -1, 1, 256);
    List<float[]> samples = new ArrayList<>();
    int[] drawnFor = new int[60];
    for (int i = 0; i < 60; i++) {
      float[] image = Draws.normal(1, 75, i)[0];
      drawnFor[i] = i % 2;
      for (int k = 0; k < 75; k++) {
        image[k] = 0.1f * image[k] + (i % 2 == 0 ? 0.5f : -0.5f);
      }
      samples.add(image);
    }
    try (Features features = Features.fit(LabelledSamples.of(spec, samples, 2, drawnFor), 0)) {
      assertInstanceOf(Classifier.class, features);
      assertEquals(OptionalDouble.of(1), features.labelAccuracy(samples, drawnFor));
    }
    assertEquals(
        "label: 1 (expected: 0..0)",
        assertThrows(
                IllegalArgumentException.class,
                () -> LabelledSamples.of(spec, samples, 1, drawnFor))
            .getMessage());
  }

  @Test
  void picturesWithoutClasses_haveTheirPrincipalComponents_whichKeepDistances() {
    DataSpec spec = new DataSpec(List.of(1L, 12L, 12L), -1, 1, 256);
    float[][] axes = Draws.normal(5, 144, 1);
    float[][] places = Draws.normal(200, 5, 2);
    List<float[]> samples = new ArrayList<>();
    for (float[] place : places) {
      float[] image = new float[144];
      for (int k = 0; k < 144; k++) {
        image[k] = 0.3f;
        for (int a = 0; a < 5; a++) {
          image[k] += place[a] * axes[a][k];
        }
      }
      samples.add(image);
    }
    try (Features features = Features.fit(LabelledSamples.of(spec, samples, 0, new int[] {}), 0)) {
      float[][] projected = features.of(samples);
      assertEquals(64, features.size());
      assertEquals(
          distance(samples.get(0), samples.get(1)), distance(projected[0], projected[1]), 1e-3);
      assertEquals(OptionalDouble.empty(), features.labelAccuracy(samples, new int[200]));
      // What is orthogonal to all of the data is not seen, and its mean is the origin.
      double[] mean = new double[64];
      for (float[] row : projected) {
        for (int k = 0; k < 64; k++) {
          mean[k] += row[k] / 200;
        }
      }
      assertArrayEquals(new double[64], mean, 1e-3);
    }
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += Math.pow(a[k] - b[k], 2);
    }
    return Math.sqrt(sum);
  }

  @Test
  void points_areTheirOwnFeatures() {
    DataSpec spec = new DataSpec(List.of(2L), -1, 1, 0);
    List<float[]> points = List.of(new float[] {1, 2}, new float[] {3, 4});
    try (Features features = Features.fit(LabelledSamples.of(spec, points, 0, new int[] {}), 0)) {
      assertArrayEquals(new float[][] {{1, 2}, {3, 4}}, features.of(points));
    }
  }
}
