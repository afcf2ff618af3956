package dev.ancestral.server.grpc;

import dev.ancestral.v1.TimestepSpacing;
import dev.ancestral.v1.Variance;

/** The contract's enums in the words of the mathematics, and back. */
final class Choices {
  private Choices() {}

  static TimestepSpacing orTrailing(TimestepSpacing asked) {
    return asked == TimestepSpacing.TIMESTEP_SPACING_UNSPECIFIED
        ? TimestepSpacing.TIMESTEP_SPACING_TRAILING
        : asked;
  }

  static dev.ancestral.diffusion.sampler.TimestepSpacing spacing(TimestepSpacing spacing) {
    return switch (spacing) {
      case TIMESTEP_SPACING_LEADING -> dev.ancestral.diffusion.sampler.TimestepSpacing.LEADING;
      case TIMESTEP_SPACING_LINSPACE -> dev.ancestral.diffusion.sampler.TimestepSpacing.LINSPACE;
      case TIMESTEP_SPACING_TRAILING -> dev.ancestral.diffusion.sampler.TimestepSpacing.TRAILING;
      case TIMESTEP_SPACING_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("spacing: " + spacing + " (expected: a known one)");
    };
  }

  static Variance orBundle(Variance asked, dev.ancestral.diffusion.sampler.Variance bundle) {
    if (asked != Variance.VARIANCE_UNSPECIFIED) {
      return asked;
    }
    return switch (bundle) {
      case FIXED_SMALL -> Variance.VARIANCE_FIXED_SMALL;
      case FIXED_LARGE -> Variance.VARIANCE_FIXED_LARGE;
      case LEARNED, LEARNED_RANGE ->
          throw new IllegalArgumentException(
              "variance: %s (expected: fixed_small or fixed_large)".formatted(bundle.label()));
    };
  }

  static dev.ancestral.diffusion.sampler.Variance variance(Variance variance) {
    return switch (variance) {
      case VARIANCE_FIXED_SMALL -> dev.ancestral.diffusion.sampler.Variance.FIXED_SMALL;
      case VARIANCE_FIXED_LARGE -> dev.ancestral.diffusion.sampler.Variance.FIXED_LARGE;
      case VARIANCE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("variance: " + variance + " (expected: a known one)");
    };
  }
}
