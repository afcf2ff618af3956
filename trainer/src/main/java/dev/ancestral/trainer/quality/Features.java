package dev.ancestral.trainer.quality;

import dev.ancestral.bundle.DataSpec;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A space of few numbers in which samples are compared. Pixels say little about what a picture
 * shows; the hidden layer of a classifier says more (Heusel et al. 2017, who take Inception's).
 * Ours has at most {@value #MOST} numbers, so that its covariance can be told from some hundreds of
 * samples.
 *
 * <p>May own arrays; {@link #close} frees them. Not thread-safe.
 */
public interface Features extends AutoCloseable {
  /** The most numbers of a sample. */
  int MOST = 64;

  /** Numbers of each sample. */
  int size();

  /**
   * The samples' features, a row each.
   *
   * @param samples of the shape that these features were fitted to
   */
  float[][] of(List<float[]> samples);

  /**
   * The share of samples that are taken for what they were drawn for.
   *
   * @param samples at least one
   * @param labels the class of each
   * @return empty where these features know no classes
   */
  default OptionalDouble labelAccuracy(List<float[]> samples, int[] labels) {
    return OptionalDouble.empty();
  }

  /** What they are, for people. */
  String description();

  @Override
  void close();

  /**
   * Features whose mean and covariance tell such samples' distribution: those of {@link #fit}, but
   * for points, of which mean and covariance leave out the shape, random waves.
   *
   * @param reference what the samples are to be compared with, or more of its kind
   * @param seed of weights, order and waves
   */
  static Features fitToTell(LabelledSamples reference, long seed) {
    return isImage(reference.spec()) ? fit(reference, seed) : FourierFeatures.fit(reference, seed);
  }

  /** Numbers that {@link #fitToTell} has of each sample. */
  static int sizeToTell(DataSpec spec) {
    return isImage(spec) && spec.elements() <= MOST ? spec.elements() : MOST;
  }

  /**
   * How long {@link #fit} takes, about, from a part of it.
   *
   * @param spec of the samples
   * @param classes how many there are
   * @param samples of the reference
   */
  static double secondsToFit(DataSpec spec, int classes, int samples) {
    return isImage(spec) && classes > 1 ? Classifier.secondsToTrain(spec, classes, samples) : 0;
  }

  private static boolean isImage(DataSpec spec) {
    return spec.shape().size() == 3;
  }

  /**
   * The features that fit such samples. Samples of at most {@value #MOST} numbers are compared as
   * they are, since nothing of them need be left out; larger pictures of at least two classes by
   * the last hidden layer of a classifier that is trained on them; other samples by their principal
   * components. Labels are told by a classifier wherever there are pictures of at least two
   * classes.
   *
   * @param reference what the samples are to be compared with, or more of its kind
   * @param seed of weights and order
   */
  static Features fit(LabelledSamples reference, long seed) {
    boolean small = reference.spec().elements() <= MOST;
    if (isImage(reference.spec()) && reference.classes() > 1) {
      Classifier classifier = Classifier.train(reference, seed);
      return small ? new SmallPictures(reference.spec().elements(), classifier) : classifier;
    }
    return small
        ? new Unchanged(reference.spec().elements())
        : PrincipalComponents.fit(reference, seed);
  }
}
