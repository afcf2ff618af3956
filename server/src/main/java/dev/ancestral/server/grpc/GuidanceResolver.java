package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.v1.SampleRequest;
import org.jspecify.annotations.Nullable;

/** The part of the door that looks at {@code guidance_weight} and {@code guidance_rescale}. */
final class GuidanceResolver {
  private static final String WEIGHT = "guidance_weight";
  private static final String RESCALE = "guidance_rescale";

  private GuidanceResolver() {}

  /** Whether a request may be guided: towards a label, away from the null label. */
  static boolean isPossible(Bundle bundle) {
    Conditioning conditioning = bundle.conditioning();
    return conditioning != null && conditioning.nullLabel() != null;
  }

  /** The guidance; null for none, or if it was rejected. {@code resolved} has the labels. */
  static @Nullable Guidance resolve(
      SampleRequest request,
      SampleRequest.Builder resolved,
      String model,
      Bundle bundle,
      FieldChecks checks) {
    boolean guidable = isPossible(bundle) && resolved.getLabelsCount() > 0;
    Recommended recommended = guidable ? bundle.recommended() : Recommended.NONE;
    double weight =
        request.hasGuidanceWeight() ? request.getGuidanceWeight() : recommended.guidanceWeight();
    double rescale =
        request.hasGuidanceRescale()
            ? request.getGuidanceRescale()
            : weight == 1 ? 0 : recommended.guidanceRescale();
    boolean fits = Math.abs(weight) <= Guidance.MAX_WEIGHT;
    checks.require(fits, WEIGHT, "%s (expected: -100..100)".formatted(weight));
    boolean rescaleFits = rescale >= 0 && rescale <= 1;
    checks.require(rescaleFits, RESCALE, "%s (expected: 0..1)".formatted(rescale));
    if (!fits || !rescaleFits) {
      return null;
    }
    if (guidable) {
      resolved.setGuidanceWeight(weight).setGuidanceRescale(rescale);
    }
    if (weight == 1) {
      checks.require(
          rescale == 0,
          RESCALE,
          "%s (expected: 0, or a guidance_weight other than 1)".formatted(rescale));
      return null;
    }
    Conditioning conditioning = bundle.conditioning();
    Integer nullLabel = conditioning == null ? null : conditioning.nullLabel();
    if (nullLabel == null) {
      checks.reject(
          WEIGHT,
          "%s (expected: 1, model %s %s)"
              .formatted(
                  weight, model, conditioning == null ? "is unconditional" : "has no null label"));
      return null;
    }
    if (resolved.getLabelsCount() == 0) {
      checks.reject(WEIGHT, "%s (expected: 1, or labels to guide to)".formatted(weight));
      return null;
    }
    return new Guidance(weight, rescale, nullLabel);
  }
}
