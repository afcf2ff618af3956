package dev.ancestral.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class LossByQuarterTest {
  @Test
  void aRowIsInTheQuarterOfItsTimestep_andAQuarterWithoutRowsHasNoMean() {
    assertArrayEquals(
        new double[] {2, 10, Double.NaN, 7},
        LossByQuarter.of(new int[] {0, 249, 250, 999, 750}, new float[] {1, 3, 10, 8, 6}, 1000),
        0);
  }

  @Test
  void fewerTimestepsThanQuartersLeaveSomeEmpty() {
    assertArrayEquals(
        new double[] {1, Double.NaN, 2, Double.NaN},
        LossByQuarter.of(new int[] {0, 1}, new float[] {1, 2}, 2),
        0);
  }
}
