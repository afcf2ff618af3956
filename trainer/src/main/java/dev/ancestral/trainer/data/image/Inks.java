package dev.ancestral.trainer.data.image;

import org.jspecify.annotations.Nullable;

/**
 * From cyan, magenta, yellow and black to red, green and blue.
 *
 * @param profile of the inks; without one, each ink takes its share of the light
 */
record Inks(@Nullable InkTable profile) {
  /**
   * Puts a row of pixels on a canvas of red, green and blue with eight bits.
   *
   * @param inks four of each pixel, 0..255, of which 255 is all
   */
  void putRow(Canvas canvas, int y, byte[] inks) {
    byte[] colours = new byte[inks.length / 4 * 3];
    if (profile == null) {
      for (int i = 0; i < colours.length; i++) {
        int light = 255 - (inks[i / 3 * 4 + i % 3] & 0xFF);
        int black = inks[i / 3 * 4 + 3] & 0xFF;
        colours[i] = (byte) ((light * (255 - black) + 127) / 255);
      }
    } else {
      profile.convert(inks, colours);
    }
    for (int x = 0; 3 * x < colours.length; x++) {
      canvas.put(x, y, colours[3 * x] & 0xFF, colours[3 * x + 1] & 0xFF, colours[3 * x + 2] & 0xFF);
    }
  }
}
