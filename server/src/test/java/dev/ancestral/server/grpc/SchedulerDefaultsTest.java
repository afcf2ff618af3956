package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.ClipRule;
import dev.ancestral.bundle.SchedulerConfig;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DynamicThreshold;
import dev.ancestral.server.Bundles;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.TimestepSpacing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What another's scheduler says of clipping and timesteps, beside what a request says. */
final class SchedulerDefaultsTest {
  private static final Bundle DIGITS = Bundles.DIGITS;

  @Test
  void theBundlesClippingIsTheDefault_andIsSaid() {
    Bundle wide = with(new ClipRule.Clipped(2.5), 0);
    ResolvedRequest silent = resolve(wide, request("ddim"));
    assertEquals(new ClipRange(-2.5, 2.5), silent.chain().plan().clipping());
    assertEquals(2.5, silent.request().getClipRange());
    Bundle thresholded = with(new ClipRule.Thresholded(0.9, 1.5), 0);
    ResolvedRequest shrunk = resolve(thresholded, request("ddim"));
    assertEquals(new DynamicThreshold(-1, 1, 0.9, 1.5), shrunk.chain().plan().clipping());
    assertEquals(0.9, shrunk.request().getThresholdQuantile());
    assertEquals(1.5, shrunk.request().getThresholdMax());
    assertEquals(shrunk.request(), resolve(thresholded, shrunk.request().toBuilder()).request());
  }

  @Test
  void whatIsGivenTakesThePlaceOfTheBundlesThreshold() {
    Bundle thresholded = with(new ClipRule.Thresholded(0.9, 1.5), 0);
    assertEquals(
        ClipRange.UNIT,
        resolve(thresholded, request("ddim").setClip(true)).chain().plan().clipping());
    assertEquals(
        new ClipRange(-2, 2),
        resolve(thresholded, request("ddim").setClipRange(2)).chain().plan().clipping());
    assertEquals(
        Clipping.NONE,
        resolve(thresholded, request("ddim").setClip(false)).chain().plan().clipping());
    assertEquals(
        new DynamicThreshold(-1, 1, 0.9, 3),
        resolve(thresholded, request("ddim").setThresholdMax(3)).chain().plan().clipping());
    assertEquals(
        new DynamicThreshold(-1, 1, 0.5, 1.5),
        resolve(thresholded, request("ddim").setThresholdQuantile(0.5)).chain().plan().clipping());
  }

  @Test
  void theBundlesOffsetIsTheDefaultOfLeadingSpacing_andOfNoOther() {
    Bundle offset = with(ClipRule.TO_DATA, 1);
    ResolvedRequest silent = resolve(offset, request("ddim").setSteps(4));
    assertArrayEquals(new double[] {751, 501, 251, 1}, silent.chain().plan().timesteps(), 0);
    assertEquals(1, silent.request().getStepsOffset());
    assertEquals(
        0,
        resolve(offset, request("ddim").setSteps(4).setStepsOffset(0))
            .chain()
            .plan()
            .timesteps()[3]);
    ResolvedRequest trailing =
        resolve(offset, request("ddim").setSpacing(TimestepSpacing.TIMESTEP_SPACING_TRAILING));
    assertFalse(trailing.request().hasStepsOffset());
    assertEquals(
        9,
        resolve(offset, request("dpmpp-2m").setSteps(9).setKarras(true)).chain().plan().length());
  }

  @Test
  void anotherSamplerWhoseStepsLeaveNoRoomGoesWithoutTheOffset() {
    ResolvedRequest all = resolve(with(ClipRule.TO_DATA, 1), request("ddpm"));
    assertEquals(1000, all.chain().plan().length());
    assertEquals(999, all.chain().plan().timesteps()[0]);
    assertEquals(0, all.request().getStepsOffset());
  }

  private static Bundle with(ClipRule clipping, int offset) {
    SchedulerConfig scheduler = DIGITS.scheduler();
    return new Bundle(
        new SchedulerConfig(
            scheduler.betaSchedule(),
            scheduler.schedule(),
            scheduler.predictionType(),
            scheduler.variance(),
            clipping,
            dev.ancestral.diffusion.sampler.TimestepSpacing.LEADING,
            offset),
        DIGITS.data(),
        true,
        DIGITS.conditioning(),
        DIGITS.recommended(),
        Map.of(),
        List.of());
  }

  private static SampleRequest.Builder request(String sampler) {
    return SampleRequest.newBuilder().setSampler(sampler);
  }

  private static ResolvedRequest resolve(Bundle bundle, SampleRequest.Builder request) {
    return new RequestResolver(() -> 77).resolve(request.build(), "m", bundle, 5000);
  }
}
