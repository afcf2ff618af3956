package dev.ancestral.diffusion.sampler;

/**
 * The timesteps of a spacing and of the options that belong to one: the offset of leading spacing,
 * and the fractions of linspace.
 */
final class SpacedTimesteps {
  private static final SamplerOption<Integer> OFFSET = SamplerOption.STEPS_OFFSET;

  private SpacedTimesteps() {}

  /**
   * The resolved options without those that belong to another spacing than theirs.
   *
   * @throws InvalidOptionException if such a one asks for something
   */
  static SamplerOptions complete(SamplerOptions resolved) {
    SamplerOptions left = only(resolved, OFFSET, 0, TimestepSpacing.LEADING);
    return only(left, SamplerOption.ROUND_TIMESTEPS, true, TimestepSpacing.LINSPACE);
  }

  private static <T> SamplerOptions only(
      SamplerOptions options, SamplerOption<T> option, T idle, TimestepSpacing spacing) {
    boolean belongs = options.find(SamplerOption.SPACING).filter(spacing::equals).isPresent();
    if (belongs || options.find(option).isEmpty()) {
      return options;
    }
    T value = options.get(option);
    if (!value.equals(idle)) {
      throw new InvalidOptionException(
          option.name(),
          "%s (expected: %s, or %s spacing)".formatted(value, idle, spacing.label()));
    }
    return options.without(option);
  }

  /** The timesteps to visit, falling. */
  static int[] of(SamplerOptions options, int timesteps) {
    return moved(
        options.get(SamplerOption.SPACING).timesteps(timesteps, options.steps()),
        options,
        timesteps);
  }

  /** The timesteps that a multistep solver visits, falling. */
  static int[] ofSolver(SamplerOptions options, int timesteps) {
    return moved(
        options.get(SamplerOption.SPACING).solverTimesteps(timesteps, options.steps()),
        options,
        timesteps);
  }

  private static int[] moved(int[] spaced, SamplerOptions options, int timesteps) {
    int offset = options.find(OFFSET).orElse(0);
    int most = timesteps - 1 - spaced[0];
    if (offset > most) {
      throw new InvalidOptionException(
          OFFSET.name(),
          "%d (expected: 0..%d, as the first of %d steps is timestep %d of %d)"
              .formatted(offset, most, options.steps(), spaced[0], timesteps));
    }
    for (int i = 0; i < spaced.length; i++) {
      spaced[i] += offset;
    }
    return spaced;
  }
}
