package dev.ancestral.trainer.calls;

import dev.ancestral.trainer.quality.EnergyDistance;
import dev.ancestral.trainer.quality.FrechetBootstrap;
import dev.ancestral.trainer.quality.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A distance to the reference, of the kind that fits the data. */
interface Distances {
  /**
   * Of one chain.
   *
   * @param distance to the reference
   * @param ratio to the teacher's; null where it is not told
   */
  record Measured(Interval distance, @Nullable Interval ratio) {}

  /** What it is, in a few words. */
  String name();

  /** Of other real samples' features. */
  Interval data(float[][] features);

  /** Of the teacher. */
  Interval teacher();

  /** Of features of the teacher's seeds. */
  Measured of(float[][] features);

  /**
   * Fréchet's, for pictures.
   *
   * @param reference features
   * @param teacher features
   */
  static Distances frechet(float[][] reference, float[][] teacher, long seed) {
    FrechetBootstrap bootstrap = new FrechetBootstrap(teacher, reference, seed);
    return new Distances() {
      @Override
      public String name() {
        return "Fréchet";
      }

      @Override
      public Interval data(float[][] features) {
        return new FrechetBootstrap(features, reference, seed).teacher();
      }

      @Override
      public Interval teacher() {
        return bootstrap.teacher();
      }

      @Override
      public Measured of(float[][] features) {
        FrechetBootstrap.Comparison comparison = bootstrap.compare(features);
        return new Measured(comparison.distance(), comparison.ratio());
      }
    };
  }

  /**
   * The energy distance, for points: unbiased, so it may be below 0, and a ratio says nothing.
   *
   * @param reference points
   * @param teacher points
   */
  static Distances energy(float[][] reference, float[][] teacher) {
    List<float[]> real = List.of(reference);
    return new Distances() {
      @Override
      public String name() {
        return "energy";
      }

      @Override
      public Interval data(float[][] features) {
        return EnergyDistance.interval(List.of(features), real);
      }

      @Override
      public Interval teacher() {
        return data(teacher);
      }

      @Override
      public Measured of(float[][] features) {
        return new Measured(data(features), null);
      }
    };
  }
}
