package dev.ancestral.trainer.calls;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.calls.CallsTable.Role;
import dev.ancestral.trainer.calls.CallsTable.Row;
import dev.ancestral.trainer.calls.Contestants.Contestant;
import dev.ancestral.trainer.quality.Features;
import dev.ancestral.trainer.quality.HighFrequencies;
import dev.ancestral.trainer.quality.Interval;
import dev.ancestral.trainer.quality.Variety;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a row of figures of samples, beside one teacher and one reference. */
final class Judge {
  private final DataSpec spec;
  private final RealData real;
  private final Features features;
  private final int @Nullable [] labels;
  private final List<float[]> teacher;
  private final float[][] reference;
  private final float[][] ofTeacher;
  private final Distances distances;

  /**
   * Beside a teacher.
   *
   * @param features that fit the data
   * @param labels what the samples were drawn for; null for a network without classes
   * @param teacher its samples, in the order of all others'
   */
  Judge(
      DataSpec spec,
      RealData real,
      Features features,
      int @Nullable [] labels,
      List<float[]> teacher,
      long seed) {
    this.spec = spec;
    this.real = real;
    this.features = features;
    this.labels = labels;
    this.teacher = teacher;
    this.reference = features.of(real.reference());
    this.ofTeacher = features.of(teacher);
    this.distances =
        spec.shape().size() == 1
            ? Distances.energy(reference, ofTeacher)
            : Distances.frechet(reference, ofTeacher, seed);
  }

  /** Which distance it is, and in what. */
  String distance() {
    return "%s, in %s".formatted(distances.name(), features.description());
  }

  /** Of other real samples: as good as samples can be. */
  Row data() {
    float[][] rows = features.of(real.others());
    boolean labelled = labels != null && real.otherLabels().length > 0;
    return row(
        Role.DATA,
        "data",
        null,
        real.others(),
        rows,
        new Distances.Measured(distances.data(rows), null),
        labelled ? accuracy(real.others(), real.otherLabels()) : null,
        null);
  }

  /** Of the teacher itself. */
  Row teacher(Contestant chain) {
    return row(
        Role.TEACHER,
        chain.sampler(),
        chain.calls(),
        teacher,
        ofTeacher,
        new Distances.Measured(distances.teacher(), null),
        accuracy(teacher, labels),
        null);
  }

  /**
   * Of another chain.
   *
   * @throws IllegalArgumentException if a sample is not finite
   */
  Row of(Contestant chain, List<float[]> samples) {
    requireFinite(samples);
    float[][] rows = features.of(samples);
    return row(
        Role.SAMPLER,
        chain.sampler(),
        chain.calls(),
        samples,
        rows,
        distances.of(rows),
        accuracy(samples, labels),
        chain.plan().isStochastic() ? null : toTeacher(samples));
  }

  private Row row(
      Role role,
      String sampler,
      @Nullable Integer calls,
      List<float[]> samples,
      float[][] rows,
      Distances.Measured measured,
      @Nullable Double accuracy,
      @Nullable Double toTeacher) {
    int equal = Math.min(rows.length, reference.length);
    Variety variety =
        Variety.of(Arrays.copyOf(rows, equal), Arrays.copyOf(reference, equal), Variety.NEIGHBOURS);
    Interval ratio = measured.ratio();
    return new Row(
        role,
        sampler,
        calls,
        samples.size(),
        measured.distance(),
        ratio,
        variety.precision(),
        variety.recall(),
        accuracy,
        HighFrequencies.measures(spec)
            ? HighFrequencies.energy(samples, spec) / HighFrequencies.energy(teacher, spec)
            : null,
        toTeacher);
  }

  private @Nullable Double accuracy(List<float[]> samples, int @Nullable [] drawnFor) {
    if (drawnFor == null) {
      return null;
    }
    var share = features.labelAccuracy(samples, drawnFor);
    return share.isPresent() ? share.getAsDouble() : null;
  }

  private double toTeacher(List<float[]> samples) {
    double sum = 0;
    for (int i = 0; i < samples.size(); i++) {
      float[] a = samples.get(i);
      float[] b = teacher.get(i);
      for (int k = 0; k < a.length; k++) {
        sum += Math.pow((double) a[k] - b[k], 2);
      }
    }
    return Math.sqrt(sum / ((double) samples.size() * spec.elements()));
  }

  static void requireFinite(List<float[]> samples) {
    for (float[] sample : samples) {
      for (float value : sample) {
        if (!Float.isFinite(value)) {
          throw new IllegalArgumentException(
              "samples: one is %s (expected: finite numbers)".formatted(value));
        }
      }
    }
  }
}
