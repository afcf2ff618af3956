package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine relies on, whatever runs the network. */
public abstract class DenoiserContract {
  /** One row. */
  @SuppressWarnings("ArrayRecordComponent")
  public record TestRow(float[] state, double timestep, int label) implements Row {}

  /** A fresh denoiser; with labels 0..2 if it takes any. */
  protected abstract Denoiser create(boolean labels, boolean variance);

  private Denoiser create(boolean labels) {
    return create(labels, false);
  }

  private static TestRow row(Denoiser denoiser, int index, double timestep, int label) {
    float[] state = new float[denoiser.elements()];
    GaussianNoise.fill(state, 5, NoisePurpose.INITIAL, index, 0);
    return new TestRow(state, timestep, label);
  }

  private static float[] predict(Denoiser denoiser, List<TestRow> rows) {
    float[] out = new float[rows.size() * denoiser.predictionElements()];
    denoiser.predict(rows, out);
    return out;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRowsPredictionIsItsOwn_inAnySlotOfAnyBatch(boolean variance) {
    try (Denoiser denoiser = create(true, variance)) {
      int elements = denoiser.predictionElements();
      List<TestRow> rows = new ArrayList<>();
      for (int i = 0; i < denoiser.maxRows(); i++) {
        rows.add(row(denoiser, i, 125.0 * i, i % 3));
      }
      for (int size = 1; size <= denoiser.maxRows(); size++) {
        List<TestRow> batch = new ArrayList<>(rows.subList(0, size));
        Collections.rotate(batch, size / 2);
        float[] together = predict(denoiser, batch);
        for (int i = 0; i < size; i++) {
          assertArrayEquals(
              predict(denoiser, List.of(batch.get(i))),
              Arrays.copyOfRange(together, i * elements, (i + 1) * elements),
              "batch of " + size + ", slot " + i);
        }
      }
    }
  }

  @Test
  void timestepAndLabelMatter() {
    try (Denoiser denoiser = create(true)) {
      float[] base = predict(denoiser, List.of(row(denoiser, 0, 10, 0)));
      assertFalse(Arrays.equals(base, predict(denoiser, List.of(row(denoiser, 0, 11, 0)))));
      assertFalse(Arrays.equals(base, predict(denoiser, List.of(row(denoiser, 0, 10, 1)))));
    }
  }

  @Test
  void theVarianceHalfFollowsTheFirst() {
    try (Denoiser denoiser = create(false, true)) {
      int elements = denoiser.elements();
      assertTrue(denoiser.predictsVariance());
      assertEquals(2 * elements, denoiser.predictionElements());
      float[] both = predict(denoiser, List.of(row(denoiser, 0, 10, 0)));
      assertFalse(
          Arrays.equals(
              Arrays.copyOf(both, elements), Arrays.copyOfRange(both, elements, 2 * elements)));
    }
  }

  @Test
  void withoutLabelsTheLabelDoesNotMatter() {
    try (Denoiser denoiser = create(false)) {
      assertEquals(false, denoiser.takesLabels());
      assertArrayEquals(
          predict(denoiser, List.of(row(denoiser, 0, 10, 0))),
          predict(denoiser, List.of(row(denoiser, 0, 10, 2))));
    }
  }

  @Test
  void statesAreNotChanged_andEarlierPredictionsStay() {
    try (Denoiser denoiser = create(false)) {
      TestRow row = row(denoiser, 0, 10, 0);
      float[] state = row.state().clone();
      float[] first = predict(denoiser, List.of(row));
      float[] kept = first.clone();
      predict(denoiser, List.of(row(denoiser, 1, 20, 0)));
      assertArrayEquals(state, row.state());
      assertArrayEquals(kept, first);
    }
  }

  @Test
  void numbersBeyondTheRowsStay() {
    try (Denoiser denoiser = create(false)) {
      float[] out = new float[2 * denoiser.elements()];
      Arrays.fill(out, 42);
      denoiser.predict(List.of(row(denoiser, 0, 10, 0)), out);
      for (int i = denoiser.elements(); i < out.length; i++) {
        assertEquals(42, out[i]);
      }
    }
  }

  @Test
  void rowsThatDoNotFitAreRefused_andTheDenoiserStaysUsable() {
    try (Denoiser denoiser = create(false)) {
      float[] out = new float[(denoiser.maxRows() + 1) * denoiser.elements()];
      assertThrows(IllegalArgumentException.class, () -> denoiser.predict(List.of(), out));
      TestRow good = row(denoiser, 0, 10, 0);
      List<TestRow> tooMany = Collections.nCopies(denoiser.maxRows() + 1, good);
      assertThrows(IllegalArgumentException.class, () -> denoiser.predict(tooMany, out));
      TestRow wrong = new TestRow(new float[denoiser.elements() + 1], 10, 0);
      assertThrows(IllegalArgumentException.class, () -> denoiser.predict(List.of(wrong), out));
      denoiser.predict(List.of(good), out);
    }
  }

  @Test
  void closedIsClosed_andClosingTwiceIsFine() {
    Denoiser denoiser = create(false);
    TestRow row = row(denoiser, 0, 10, 0);
    predict(denoiser, List.of(row));
    denoiser.close();
    denoiser.close();
    assertThrows(IllegalStateException.class, () -> predict(denoiser, List.of(row)));
  }
}
