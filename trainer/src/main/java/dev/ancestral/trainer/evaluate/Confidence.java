package dev.ancestral.trainer.evaluate;

import dev.ancestral.trainer.quality.Classifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a classifier thinks of images.
 *
 * @param images how many
 * @param mean over the images of the highest class's probability
 * @param labelRight share of images whose highest class is the label they were drawn for; null
 *     where there are no labels
 */
record Confidence(int images, double mean, @Nullable Double labelRight) {
  static Confidence of(Classifier classifier, Images images) {
    List<float[]> probabilities = classifier.probabilities(images.pixels());
    double sum = 0;
    int right = 0;
    List<Integer> labels = images.labels();
    for (int i = 0; i < probabilities.size(); i++) {
      int best = Classifier.best(probabilities.get(i));
      sum += probabilities.get(i)[best];
      right += labels != null && labels.get(i) == best ? 1 : 0;
    }
    int count = probabilities.size();
    return new Confidence(count, sum / count, labels == null ? null : (double) right / count);
  }
}
