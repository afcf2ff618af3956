package dev.ancestral.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.trainer.data.Augmentation;
import dev.ancestral.trainer.data.DataDescription;
import dev.ancestral.trainer.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchSourceTest {
  private static final NoiseSchedule SCHEDULE = BetaSchedules.create("linear", 1000, Map.of());
  private static final Labels UNCONDITIONAL = new Labels(null, 0);
  private static final List<BatchSource> OPEN = new ArrayList<>();

  /** Sample i is two numbers i/100, its label i. */
  private record Numbers(int size) implements Dataset {
    @Override
    public DataDescription description() {
      return new DataDescription(
          "numbers", new DataSpec(List.of(2L), -1, 1, 0), List.of("a", "b", "c"));
    }

    @Override
    public void sample(int index, float[] out) {
      Arrays.fill(out, index / 100f);
    }

    @Override
    public int label(int index) {
      return index;
    }
  }

  private static BatchSource source(
      int size, PredictionType prediction, Labels labels, int batch, long seed) {
    return source(
        new Numbers(size),
        Augmentation.NONE,
        new ForwardProcess(SCHEDULE, prediction, 0, 2),
        labels,
        batch,
        seed,
        1);
  }

  private static BatchSource source(
      Dataset data,
      Augmentation augmentation,
      ForwardProcess forward,
      Labels labels,
      int batch,
      long seed,
      int threads) {
    BatchSource source =
        new BatchSource(
            new SampleSource(data, augmentation, forward, labels, batch, seed),
            forward,
            new UniformTimesteps(SCHEDULE.timesteps()),
            seed,
            threads);
    OPEN.add(source);
    return source;
  }

  @AfterEach
  void close() {
    OPEN.forEach(BatchSource::close);
    OPEN.clear();
  }

  @Test
  void anyNumberOfThreadsMakesTheSameBatches_acrossEpochs() {
    // Thirty batches of eight are more than four epochs of fifty.
    List<TrainingBatch> alone = batches(1);
    List<TrainingBatch> together = batches(4);
    for (int i = 0; i < alone.size(); i++) {
      assertArrayEquals(alone.get(i).x0(), together.get(i).x0(), "batch " + i);
      assertArrayEquals(alone.get(i).labels(), together.get(i).labels(), "batch " + i);
      assertArrayEquals(alone.get(i).noisy(), together.get(i).noisy(), "batch " + i);
      assertArrayEquals(alone.get(i).targets(), together.get(i).targets(), "batch " + i);
    }
  }

  private static List<TrainingBatch> batches(int threads) {
    Labels labels = new Labels(new Conditioning(50, List.of(), 50), 0.5);
    ForwardProcess forward = new ForwardProcess(SCHEDULE, PredictionType.V, 0.1, 2);
    BatchSource source = source(new Numbers(50), Augmentation.NONE, forward, labels, 8, 3, threads);
    return IntStream.rangeClosed(1, 30).mapToObj(source::batch).toList();
  }

  @Test
  void resumedInTheMiddleOfAnEpoch_theOrderGoesOn() {
    Labels labels = new Labels(new Conditioning(50, List.of(), null), 0);
    BatchSource straight = source(50, PredictionType.SAMPLE, labels, 8, 5);
    for (int iteration = 1; iteration < 4; iteration++) {
      straight.batch(iteration);
    }
    BatchSource resumed = source(50, PredictionType.SAMPLE, labels, 8, 5);
    for (int iteration = 4; iteration <= 10; iteration++) {
      assertArrayEquals(
          straight.batch(iteration).labels(),
          resumed.batch(iteration).labels(),
          "it. " + iteration);
    }
  }

  @Test
  void aBatchIsAFunctionOfSeedAndIteration_inAnyOrder() {
    BatchSource forward = source(5, PredictionType.EPSILON, UNCONDITIONAL, 3, 11);
    forward.batch(1);
    TrainingBatch second = forward.batch(2);
    forward.batch(7);
    TrainingBatch again = source(5, PredictionType.EPSILON, UNCONDITIONAL, 3, 11).batch(2);
    assertArrayEquals(second.noisy(), again.noisy());
    assertArrayEquals(second.timesteps(), again.timesteps());
    assertArrayEquals(forward.batch(2).targets(), again.targets());
    float[] other = source(5, PredictionType.EPSILON, UNCONDITIONAL, 3, 12).batch(2).noisy();
    assertTrue(!Arrays.equals(other, again.noisy()));
  }

  @ParameterizedTest
  @EnumSource(PredictionType.class)
  void targetAndStateGiveTheSampleBack(PredictionType prediction) {
    TrainingBatch batch = source(1, prediction, UNCONDITIONAL, 16, 2).batch(1);
    for (int i = 0; i < batch.noisy().length; i++) {
      int t = batch.timesteps()[i / 2];
      Transition transition = SCHEDULE.transition(t);
      double x0 =
          prediction.x0FromState(transition) * batch.noisy()[i]
              + prediction.x0FromOutput(transition) * batch.targets()[i];
      // The batch is rounded to float, and the coefficients magnify that.
      double magnified = Math.max(1 / SCHEDULE.alpha(t), prediction.x0FromOutput(transition));
      assertEquals(0, x0, 1e-6 * magnified, "t = " + t);
    }
  }

  @Test
  void everySampleHasATimestepOfItsOwn() {
    int[] timesteps = source(9, PredictionType.EPSILON, UNCONDITIONAL, 64, 2).batch(1).timesteps();
    long distinct = Arrays.stream(timesteps).distinct().count();
    assertTrue(distinct > 50, distinct + " distinct timesteps of 64");
  }

  @Test
  void anEpochMeetsEverySampleOnce_acrossBatches() {
    Labels labels = new Labels(new Conditioning(3, List.of(), null), 0);
    BatchSource source = source(12, PredictionType.SAMPLE, labels, 8, 5);
    int[] met = new int[12];
    for (int iteration = 1; iteration <= 3; iteration++) {
      for (long label : source.batch(iteration).labels()) {
        met[(int) label]++;
      }
    }
    assertArrayEquals(new int[] {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, met);
  }

  @Test
  void aSingleSampleFillsABatch() {
    TrainingBatch batch = source(1, PredictionType.SAMPLE, UNCONDITIONAL, 4, 5).batch(100);
    assertEquals(8, batch.noisy().length);
    assertEquals(0, batch.labels().length);
  }

  @Test
  void augmentationIsAFunctionOfSeedIterationAndRow() {
    Dataset image = new Picture();
    float[] first = augmented(image, 3).batch(4).targets();
    assertArrayEquals(first, augmented(image, 3).batch(4).targets());
    assertFalse(Arrays.equals(first, augmented(image, 3).batch(5).targets()));
    assertFalse(Arrays.equals(first, augmented(image, 4).batch(4).targets()));
    int mirrored = 0;
    for (int row = 0; row < 64; row++) {
      assertEquals(1, first[2 * row] + first[2 * row + 1], "row " + row);
      mirrored += (int) first[2 * row];
    }
    assertTrue(mirrored > 16 && mirrored < 48, mirrored + " of 64 mirrored");
  }

  private static BatchSource augmented(Dataset image, long seed) {
    return source(
        image,
        new Augmentation(true, false, 0),
        new ForwardProcess(SCHEDULE, PredictionType.SAMPLE, 0, 1),
        UNCONDITIONAL,
        64,
        seed,
        1);
  }

  /** One image of two pixels, black and white. */
  private record Picture() implements Dataset {
    @Override
    public DataDescription description() {
      return new DataDescription(
          "picture", new DataSpec(List.of(1L, 1L, 2L), 0, 1, 256), List.of());
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public void sample(int index, float[] out) {
      out[0] = 0;
      out[1] = 1;
    }

    @Override
    public int label(int index) {
      return 0;
    }
  }

  @Test
  void labelsBecomeTheNullLabelAsOftenAsTold() {
    Labels labels = new Labels(new Conditioning(1, List.of(), 1), 0.15);
    BatchSource source = source(1, PredictionType.EPSILON, labels, 500, 5);
    long dropped = 0;
    for (int iteration = 1; iteration <= 20; iteration++) {
      dropped += Arrays.stream(source.batch(iteration).labels()).filter(l -> l == 1).count();
    }
    // 10 000 draws: the standard deviation is 0.0036.
    assertEquals(0.15, dropped / 10_000.0, 0.015);
  }

  @Test
  void offsetNoiseIsSharedByAChannel_andIsPartOfTheTarget() {
    // Differences of two batches that differ in the offset alone: x0 and ε cancel.
    float[] plain = offset(0).targets();
    float[] shifted = offset(0.1).targets();
    double sum = 0;
    for (int i = 0; i < plain.length; i += 2) {
      float first = shifted[i] - plain[i];
      assertEquals(first, shifted[i + 1] - plain[i + 1], 1e-6);
      sum += first * first;
    }
    // 2000 draws of variance 0.01: the standard deviation of the mean is 0.0003.
    assertEquals(0.01, sum / (plain.length / 2.0), 0.0012);
    assertArrayEquals(shifted, offset(0.1).noise());
  }

  /** A sample's two numbers are one channel. */
  private static TrainingBatch offset(double strength) {
    return source(
            new Numbers(1),
            Augmentation.NONE,
            new ForwardProcess(SCHEDULE, PredictionType.EPSILON, strength, 1),
            UNCONDITIONAL,
            2000,
            4,
            1)
        .batch(1);
  }

  @Test
  void aSliceHoldsItsRowsOfEveryArray() {
    Labels labels = new Labels(new Conditioning(3, List.of(), null), 0);
    TrainingBatch whole = source(9, PredictionType.V, labels, 6, 3).batch(2);
    TrainingBatch slice = whole.slice(2, 5);
    assertEquals(3, slice.rows());
    assertEquals(whole.timesteps()[4], slice.timesteps()[2]);
    assertEquals(whole.labels()[2], slice.labels()[0]);
    assertArrayEquals(Arrays.copyOfRange(whole.targets(), 4, 10), slice.targets());
    assertArrayEquals(Arrays.copyOfRange(whole.noisy(), 4, 10), slice.noisy());
    assertArrayEquals(Arrays.copyOfRange(whole.x0(), 4, 10), slice.x0());
    assertArrayEquals(Arrays.copyOfRange(whole.noise(), 4, 10), slice.noise());
  }
}
