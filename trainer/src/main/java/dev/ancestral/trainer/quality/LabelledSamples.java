package dev.ancestral.trainer.quality;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.data.Dataset;
import java.util.List;

/**
 * Samples with their classes, wherever they come from: real data, or what a model drew for labels
 * that are known. Read from any thread.
 */
public interface LabelledSamples {
  /** What each sample is. */
  DataSpec spec();

  /** How many classes there are; below 2 the labels say nothing. */
  int classes();

  /** How many samples there are, at least one. */
  int size();

  /**
   * A copy of one sample, row-major in its shape.
   *
   * @param index 0..size-1
   */
  float[] sample(int index);

  /**
   * Its class, 0..classes-1; 0 where there are none.
   *
   * @param index 0..size-1
   */
  int label(int index);

  /**
   * Some of the real data.
   *
   * @param indices which, at least one
   */
  static LabelledSamples of(Dataset data, int[] indices) {
    requireSome(indices.length);
    int[] kept = indices.clone();
    return new LabelledSamples() {
      @Override
      public DataSpec spec() {
        return data.description().spec();
      }

      @Override
      public int classes() {
        return data.description().classNames().size();
      }

      @Override
      public int size() {
        return kept.length;
      }

      @Override
      public float[] sample(int index) {
        float[] sample = new float[spec().elements()];
        data.sample(kept[index], sample);
        return sample;
      }

      @Override
      public int label(int index) {
        return data.label(kept[index]);
      }
    };
  }

  /**
   * Samples in memory.
   *
   * @param samples at least one, each of the spec's shape
   * @param classes how many classes the labels name; 0 for none, and then the labels are not read
   * @param labels one for each sample, 0..classes-1
   * @throws IllegalArgumentException if a label names no class, or the lengths differ
   */
  static LabelledSamples of(DataSpec spec, List<float[]> samples, int classes, int[] labels) {
    requireSome(samples.size());
    if (classes > 0) {
      requireLabels(samples.size(), classes, labels);
    }
    List<float[]> kept = List.copyOf(samples);
    int[] classOf = classes > 0 ? labels.clone() : new int[kept.size()];
    return new LabelledSamples() {
      @Override
      public DataSpec spec() {
        return spec;
      }

      @Override
      public int classes() {
        return classes;
      }

      @Override
      public int size() {
        return kept.size();
      }

      @Override
      public float[] sample(int index) {
        return kept.get(index).clone();
      }

      @Override
      public int label(int index) {
        return classOf[index];
      }
    };
  }

  private static void requireSome(int samples) {
    if (samples == 0) {
      throw new IllegalArgumentException("samples: none (expected: at least 1)");
    }
  }

  private static void requireLabels(int samples, int classes, int[] labels) {
    if (labels.length != samples) {
      throw new IllegalArgumentException(
          "labels: %d (expected: %d, one for each sample)".formatted(labels.length, samples));
    }
    for (int label : labels) {
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException(
            "label: %d (expected: 0..%d)".formatted(label, classes - 1));
      }
    }
  }
}
