package dev.ancestral.exporter.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.exporter.onnx.Tensor;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReverseChainTest {
  private static final int NULL_LABEL = 3;
  private static final int ELEMENTS = 4;
  private static final float TOLERANCE = 1e-6f;

  /**
   * Of states of size 1, whose noises at the least noisy levels are differences of large numbers.
   */
  private static final float HISTORY_TOLERANCE = 1e-5f;

  private static final NetworkInputs INPUTS =
      new NetworkInputs(
          new DataSpec(List.of(1L, 2L, 2L), -1, 1, 256),
          new Conditioning(NULL_LABEL, List.of(), NULL_LABEL));

  /** Says of every state that its x_0 is a quarter of its label. */
  private static final class Labels implements Model {
    private int rows;

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
      var labels =
          inputs.get(2).data().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
      rows = labels.remaining();
      float[] estimates = new float[rows * ELEMENTS];
      for (int i = 0; i < estimates.length; i++) {
        estimates[i] = labels.get(i / ELEMENTS) / 4f;
      }
      return List.of(Tensor.ofFloats(inputs.get(0).dims(), estimates));
    }

    @Override
    public void close() {}
  }

  private final Labels model = new Labels();

  private float[][] run(@Nullable Guidance guidance, long... labels) {
    return ReverseChain.run(plan("ddim"), model, INPUTS, labels, guidance, 1);
  }

  private static ChainPlan plan(String sampler) {
    return Samplers.of(sampler)
        .plan(
            new DiffusionModel(
                BetaSchedules.create("linear", 100, Map.of()),
                PredictionType.SAMPLE,
                Variance.FIXED_SMALL,
                false),
            SamplerOptions.ofSteps(5));
  }

  private static float[] all(float value) {
    return new float[] {value, value, value, value};
  }

  @Test
  void withoutGuidance_aSampleIsWhatTheNetworkSaysOfItsLabel_inOneRow() {
    float[][] samples = run(null, 2, 1);

    assertEquals(2, model.rows);
    assertArrayEquals(all(0.5f), samples[0], TOLERANCE);
    assertArrayEquals(all(0.25f), samples[1], TOLERANCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dpmpp-2m", "dpmpp-3m", "unipc", "deis", "ipndm"})
  void whatStepsLeaveForLaterOnes_isEachSamplesOwn(String sampler) {
    ChainPlan plan = plan(sampler);
    assertTrue(plan.historyLength() > 0);

    float[][] samples = ReverseChain.run(plan, model, INPUTS, new long[] {2, 1, 0}, null, 1);

    assertArrayEquals(all(0.5f), samples[0], HISTORY_TOLERANCE);
    assertArrayEquals(all(0.25f), samples[1], HISTORY_TOLERANCE);
    assertArrayEquals(all(0), samples[2], HISTORY_TOLERANCE);
  }

  @Test
  void theResultIsClipped_whereThePlanSaysSo() {
    List<Step> steps = List.of(Step.estimating(99, 0, 1).plusX0(3));
    ChainPlan clipped = new ChainPlan("test", 1, ClipRange.UNIT, steps, true);
    ChainPlan free = new ChainPlan("test", 1, ClipRange.UNIT, steps);

    assertArrayEquals(all(1), ReverseChain.run(clipped, model, INPUTS, new long[] {2}, null, 1)[0]);
    assertArrayEquals(all(1.5f), ReverseChain.run(free, model, INPUTS, new long[] {2}, null, 1)[0]);
  }

  @Test
  void guided_aSampleLeansAwayFromTheNullLabel_inTwoRows() {
    float[][] samples = run(new Guidance(2, 0, NULL_LABEL), 2, 1);

    assertEquals(4, model.rows);
    // 0.75 + 2 (0.5 - 0.75) and 0.75 + 2 (0.25 - 0.75).
    assertArrayEquals(all(0.25f), samples[0], TOLERANCE);
    assertArrayEquals(all(-0.25f), samples[1], TOLERANCE);
  }
}
