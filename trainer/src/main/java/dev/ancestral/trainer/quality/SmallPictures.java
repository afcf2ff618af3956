package dev.ancestral.trainer.quality;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Pictures of so few numbers that they are compared as they are, and a classifier that tells their
 * labels. Owns the classifier.
 *
 * @param size numbers of each
 * @param classifier of such pictures
 */
record SmallPictures(int size, Classifier classifier) implements Features {
  @Override
  public float[][] of(List<float[]> samples) {
    return new Unchanged(size).of(samples);
  }

  @Override
  public OptionalDouble labelAccuracy(List<float[]> samples, int[] labels) {
    return classifier.labelAccuracy(samples, labels);
  }

  @Override
  public String description() {
    return new Unchanged(size).description();
  }

  @Override
  public void close() {
    classifier.close();
  }
}
