package dev.ancestral.diffusion.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** Known answers published with Random123 (kat_vectors, philox4x32 10). */
class PhiloxTest {
  private final int[] words = new int[4];

  @Test
  void zeros() {
    Philox.block(0, 0, 0, 0, 0, words);
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, words);
  }

  @Test
  void ones() {
    Philox.block(-1, -1, -1, -1, -1, words);
    assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, words);
  }

  @Test
  void digitsOfPi() {
    Philox.block(0x299f31d0a4093822L, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, words);
    assertArrayEquals(new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}, words);
  }
}
