package dev.ancestral.trainer.evaluate;

import dev.ancestral.trainer.data.Dataset;
import java.util.Arrays;
import java.util.List;

/**
 * How far samples are from the training images: a model that learned its data by heart would be at
 * 0.
 *
 * @param smallest root-mean-square difference, in the data's range, over all samples and all
 *     training images
 * @param median over the samples of each one's distance to its nearest training image
 * @param equal samples that equal a training image once rounded to the data's levels
 */
record NearestImages(double smallest, double median, int equal) {
  /**
   * Compares each image with every training image.
   *
   * @param images at least one
   * @param skip a training image to leave out for each image: its own index, if it is one; -1 for
   *     none
   */
  static NearestImages find(List<float[]> images, int[] skip, Dataset data) {
    double[] nearest = new double[images.size()];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    boolean[] equal = new boolean[images.size()];
    int elements = data.description().spec().elements();
    double step = levelStep(data);
    float[] training = new float[elements];
    for (int j = 0; j < data.size(); j++) {
      data.sample(j, training);
      for (int i = 0; i < nearest.length; i++) {
        if (skip[i] != j) {
          float[] image = images.get(i);
          double sum = 0;
          boolean same = step > 0;
          for (int k = 0; k < elements; k++) {
            double difference = image[k] - training[k];
            sum += difference * difference;
            same &= Math.abs(difference) < step / 2;
          }
          nearest[i] = Math.min(nearest[i], Math.sqrt(sum / elements));
          equal[i] |= same;
        }
      }
    }
    int equals = 0;
    for (boolean same : equal) {
      equals += same ? 1 : 0;
    }
    Arrays.sort(nearest);
    return new NearestImages(nearest[0], nearest[nearest.length / 2], equals);
  }

  /** Distance between two neighbouring levels; 0 for continuous data. */
  private static double levelStep(Dataset data) {
    var spec = data.description().spec();
    return spec.levels() == 0 ? 0 : (spec.max() - spec.min()) / (spec.levels() - 1);
  }
}
