package dev.ancestral.trainer.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.trainer.network.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainTest {
  private static final int NULL_LABEL = 3;
  private static final long[] LABELS = {0, 1, 2, 1};
  private static final float TOLERANCE = 1e-6f;

  /** Says of every state that its x_0 is a quarter of its label, in both dimensions. */
  private static NDArray ofLabels(NDList inputs) {
    NDArray label = inputs.get(2).toType(DataType.FLOAT32, false).reshape(-1, 1);
    return inputs.get(0).mul(0).add(label.mul(0.25));
  }

  private static float[][] run(@Nullable Guidance guidance, long... labels) {
    return run(100, guidance, labels);
  }

  private static float[][] run(int mostRows, @Nullable Guidance guidance, long... labels) {
    return run(mostRows, "ddim", new Chain.Wanted(labels, guidance, 7), Chain.Watcher.NONE);
  }

  private static float[][] run(
      int mostRows, String sampler, Chain.Wanted wanted, Chain.Watcher watcher) {
    DiffusionModel model =
        new DiffusionModel(
            BetaSchedules.create("linear", 100, Map.of()),
            PredictionType.SAMPLE,
            Variance.FIXED_SMALL,
            false);
    ChainPlan plan = Samplers.of(sampler).plan(model, SamplerOptions.ofSteps(5));
    try (NDManager manager = Torch.newManager()) {
      return Chain.run(
          manager,
          ChainTest::ofLabels,
          plan,
          new DataSpec(List.of(2L), -1, 1, 0),
          true,
          wanted,
          mostRows,
          watcher);
    }
  }

  @Test
  void aGuidedChainEndsWhereGuidancePointsTo() {
    float[][] samples = run(new Guidance(1.5, 0, NULL_LABEL), LABELS);
    assertEquals(LABELS.length, samples.length);
    for (int i = 0; i < LABELS.length; i++) {
      // m_null + w (m_label - m_null), clipped to the data's range.
      float x0 = (float) Math.max(-1, 0.75 + 1.5 * (0.25 * LABELS[i] - 0.75));
      assertArrayEquals(new float[] {x0, x0}, samples[i], TOLERANCE, "sample " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 8})
  void inPartsASampleIsWhatItIsAllAtOnce(int mostRows) {
    Guidance guidance = new Guidance(1.5, 0, NULL_LABEL);
    assertArrayEquals(run(guidance, LABELS), run(mostRows, guidance, LABELS));
  }

  @Test
  void aSampleIsThatOfItsIndex_whereverTheFirstOneIs() {
    long[] same = {NULL_LABEL, NULL_LABEL, NULL_LABEL};
    float[][] all = noisy(new Chain.Wanted(same, null, 7));
    float[][] last = noisy(new Chain.Wanted(new long[] {NULL_LABEL}, null, 7, 2));
    assertArrayEquals(all[2], last[0]);
    assertFalse(Arrays.equals(all[0], last[0]));
  }

  /** The states after two steps of five, with x_T and the steps' noise still in them. */
  private static float[][] noisy(Chain.Wanted wanted) {
    List<float[][]> seen = new ArrayList<>();
    run(
        8,
        "ddpm",
        wanted,
        (done, states) ->
            seen.add(Arrays.stream(states).map(float[]::clone).toArray(float[][]::new)));
    return seen.get(2);
  }

  @Test
  void withoutGuidanceALabelIsTakenAtItsWord() {
    float[][] samples = run(null, LABELS);
    for (int i = 0; i < LABELS.length; i++) {
      assertArrayEquals(
          new float[] {0.25f * LABELS[i], 0.25f * LABELS[i]}, samples[i], TOLERANCE, "sample " + i);
    }
  }

  @Test
  void withTheWeightZeroNothingOfTheLabelIsLeft() {
    float[][] unlabelled = run(null, NULL_LABEL, NULL_LABEL);
    float[][] weightless = run(new Guidance(0, 0, NULL_LABEL), 0, 2);
    assertArrayEquals(unlabelled[0], weightless[0], TOLERANCE);
    assertArrayEquals(unlabelled[1], weightless[1], TOLERANCE);
  }
}
