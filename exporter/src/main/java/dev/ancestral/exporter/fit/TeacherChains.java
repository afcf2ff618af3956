package dev.ancestral.exporter.fit;

import dev.ancestral.diffusion.NoiseLevel;
import java.util.List;

/**
 * The states of a teacher's chains at every level that it visits, and between them.
 *
 * <p>A DDIM step holds its estimate of x0 and its noise ε: from a state α_a·x0 + σ_a·ε it goes to
 * α_b·x0 + σ_b·ε. So each level between is on its way, and the state there is a linear form of the
 * two: the step of the teacher itself, had it stopped there.
 *
 * <p>Immutable.
 */
final class TeacherChains {
  private final List<NoiseLevel> levels;
  private final List<float[][]> states;

  /**
   * What a teacher went through.
   *
   * @param levels from the noisiest to the one of the result, at least two, falling in σ/α
   * @param states at each level, [chain][element]
   */
  TeacherChains(List<NoiseLevel> levels, List<float[][]> states) {
    if (levels.size() != states.size() || levels.size() < 2) {
      throw new IllegalArgumentException(
          "states: %d of %d levels (expected: one each, at least 2)"
              .formatted(states.size(), levels.size()));
    }
    this.levels = List.copyOf(levels);
    this.states = List.copyOf(states);
  }

  /** How many. */
  int size() {
    return states.get(0).length;
  }

  /** Where the chains ended: the arrays themselves. */
  float[][] end() {
    return states.get(states.size() - 1);
  }

  /** The states at a level between the first and the last: new arrays, but at the last one. */
  float[][] at(NoiseLevel level) {
    int above = levels.size() - 2;
    if (level.equals(levels.get(above + 1))) {
      return end();
    }
    while (above > 0 && noise(levels.get(above)) < noise(level)) {
      above--;
    }
    NoiseLevel a = levels.get(above);
    NoiseLevel b = levels.get(above + 1);
    double determinant = a.alpha() * b.sigma() - b.alpha() * a.sigma();
    double fromA = (level.alpha() * b.sigma() - level.sigma() * b.alpha()) / determinant;
    double fromB = (a.alpha() * level.sigma() - a.sigma() * level.alpha()) / determinant;
    float[][] x = states.get(above);
    float[][] next = states.get(above + 1);
    float[][] between = new float[size()][x[0].length];
    for (int chain = 0; chain < between.length; chain++) {
      for (int k = 0; k < between[chain].length; k++) {
        between[chain][k] = (float) (fromA * x[chain][k] + fromB * next[chain][k]);
      }
    }
    return between;
  }

  /** σ/(α + σ), which has no infinity. */
  private static double noise(NoiseLevel level) {
    return level.sigma() / (level.alpha() + level.sigma());
  }
}
