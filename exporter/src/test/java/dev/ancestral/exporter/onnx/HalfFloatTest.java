package dev.ancestral.exporter.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HalfFloatTest {
  private static int bits(float value) {
    return HalfFloat.bits(value) & 0xFFFF;
  }

  @Test
  void bitsAreThoseOfIeee754() {
    assertEquals(0x0000, bits(0f));
    assertEquals(0x8000, bits(-0f));
    assertEquals(0x3C00, bits(1f));
    assertEquals(0xC000, bits(-2f));
    assertEquals(0x3555, bits(1 / 3f));
    assertEquals(0x7BFF, bits(65504f));
    assertEquals(0x0400, bits(0x1p-14f));
    assertEquals(0x0001, bits(0x1p-24f));
    assertEquals(0x7C00, bits(Float.POSITIVE_INFINITY));
    assertEquals(0x7E00, bits(Float.NaN));
  }

  @Test
  void tiesGoToTheEvenNumber_andUpToTheNextPowerOfTwo() {
    assertEquals(0x3C00, bits(1 + 0x1p-11f));
    assertEquals(0x3C02, bits(1 + 3 * 0x1p-11f));
    assertEquals(0x4000, bits(2 - 0x1p-12f));
    assertEquals(0x7BFF, bits(65519.996f));
    assertEquals(0x7C00, bits(65520f));
    assertEquals(0x0000, bits(0x1p-25f));
    assertEquals(0x0001, bits(0x1.8p-25f));
    assertEquals(0x0400, bits(0x1.fffp-15f));
  }

  @Test
  void everyNumberComesBack() {
    for (int bits = 0; bits <= 0xFFFF; bits++) {
      float value = HalfFloat.value((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals(bits, bits(value));
      }
    }
  }

  @Test
  void numbersThatLoseDigitsAreNotHeld() {
    for (double held : new double[] {0, 1, -65504, 0x1p-14}) {
      assertTrue(HalfFloat.holds(held), () -> Double.toString(held));
    }
    for (double lost : new double[] {1e-5, 65505, Double.NEGATIVE_INFINITY, Double.NaN}) {
      assertFalse(HalfFloat.holds(lost), () -> Double.toString(lost));
    }
  }
}
