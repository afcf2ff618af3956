package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.ClipRule;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.v1.SampleRequest;

/**
 * The part of the door that looks at {@code clip}, {@code clip_range}, {@code threshold_quantile}
 * and {@code threshold_max}.
 */
final class ClippingResolver {
  private static final String RANGE = "clip_range";
  private static final String QUANTILE = "threshold_quantile";
  private static final String MAX = "threshold_max";

  private ClippingResolver() {}

  /** What keeps estimates of x0 near the data's range; nothing if it was rejected. */
  static Clipping resolve(
      SampleRequest request, SampleRequest.Builder resolved, Bundle bundle, FieldChecks checks) {
    boolean sound = requireSound(request, checks);
    ClipRule rule = rule(request, bundle.scheduler().clipping(), checks);
    write(rule, resolved);
    return sound ? rule.within(bundle.data().min(), bundle.data().max()) : Clipping.NONE;
  }

  /** Looks at each value by itself, and at what does not go together. */
  private static boolean requireSound(SampleRequest request, FieldChecks checks) {
    boolean sound = true;
    if (request.hasThresholdQuantile()) {
      double quantile = request.getThresholdQuantile();
      boolean fits = quantile > 0 && quantile <= 1;
      checks.require(fits, QUANTILE, "%s (expected: above 0, at most 1)".formatted(quantile));
      sound &= fits;
    }
    sound &= requirePositive(request.hasClipRange(), RANGE, request.getClipRange(), checks);
    sound &= requirePositive(request.hasThresholdMax(), MAX, request.getThresholdMax(), checks);
    if (request.hasClip() && !request.getClip()) {
      sound &= requireAbsent(request.hasThresholdQuantile(), QUANTILE, "clip false", checks);
      sound &= requireAbsent(request.hasClipRange(), RANGE, "clip false", checks);
      sound &= requireAbsent(request.hasThresholdMax(), MAX, "clip false", checks);
    } else if (request.hasThresholdQuantile()) {
      sound &= requireAbsent(request.hasClipRange(), RANGE, QUANTILE, checks);
    }
    return sound;
  }

  private static boolean requirePositive(
      boolean given, String field, double value, FieldChecks checks) {
    boolean fits = !given || (value > 0 && Double.isFinite(value));
    checks.require(fits, field, "%s (expected: above 0)".formatted(value));
    return fits;
  }

  private static boolean requireAbsent(
      boolean given, String field, String beside, FieldChecks checks) {
    checks.require(!given, field, "given beside %s (expected: one of the two)".formatted(beside));
    return !given;
  }

  /**
   * What was asked for, and of the rest what the bundle says. Values that are wrong are left out.
   */
  private static ClipRule rule(SampleRequest request, ClipRule own, FieldChecks checks) {
    if (request.hasClip() && !request.getClip()) {
      return ClipRule.NONE;
    }
    boolean plain = request.hasClip() || request.hasClipRange();
    ClipRule.Thresholded thresholded =
        own instanceof ClipRule.Thresholded ofBundle ? ofBundle : null;
    if (request.hasThresholdQuantile() || (thresholded != null && !plain)) {
      double quantile =
          request.hasThresholdQuantile() || thresholded == null
              ? request.getThresholdQuantile()
              : thresholded.quantile();
      double most =
          request.hasThresholdMax()
              ? request.getThresholdMax()
              : thresholded == null ? Double.POSITIVE_INFINITY : thresholded.most();
      return quantile > 0 && quantile <= 1 && most > 0
          ? new ClipRule.Thresholded(quantile, most)
          : ClipRule.NONE;
    }
    checks.require(
        !request.hasThresholdMax(), MAX, "given without %s (expected: both)".formatted(QUANTILE));
    if (!plain && !(own instanceof ClipRule.Clipped)) {
      return ClipRule.NONE;
    }
    double range =
        request.hasClipRange()
            ? request.getClipRange()
            : own instanceof ClipRule.Clipped clipped ? clipped.range() : 1;
    return range > 0 && Double.isFinite(range) ? new ClipRule.Clipped(range) : ClipRule.NONE;
  }

  private static void write(ClipRule rule, SampleRequest.Builder resolved) {
    resolved.setClip(!rule.equals(ClipRule.NONE));
    if (rule instanceof ClipRule.Clipped clipped) {
      resolved.setClipRange(clipped.range());
    } else if (rule instanceof ClipRule.Thresholded thresholded) {
      resolved.setThresholdQuantile(thresholded.quantile());
      if (Double.isFinite(thresholded.most())) {
        resolved.setThresholdMax(thresholded.most());
      }
    }
  }
}
