package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DynamicThreshold;
import dev.ancestral.v1.SampleRequest;

/** The part of the door that looks at {@code clip} and {@code threshold_quantile}. */
final class ClippingResolver {
  private static final String QUANTILE = "threshold_quantile";

  private ClippingResolver() {}

  /** What keeps estimates of x0 near the data's range; nothing if it was rejected. */
  static Clipping resolve(
      SampleRequest request, SampleRequest.Builder resolved, Bundle bundle, FieldChecks checks) {
    DataSpec data = bundle.data();
    if (request.hasThresholdQuantile()) {
      double quantile = request.getThresholdQuantile();
      boolean fits = quantile > 0 && quantile <= 1;
      checks.require(fits, QUANTILE, "%s (expected: above 0, at most 1)".formatted(quantile));
      boolean clips = !request.hasClip() || request.getClip();
      checks.require(clips, QUANTILE, "given beside clip false (expected: one of the two)");
      resolved.setClip(true);
      return fits && clips ? new DynamicThreshold(data.min(), data.max(), quantile) : Clipping.NONE;
    }
    boolean clip = request.hasClip() ? request.getClip() : bundle.scheduler().clipSample();
    resolved.setClip(clip);
    return clip ? new ClipRange(data.min(), data.max()) : Clipping.NONE;
  }
}
