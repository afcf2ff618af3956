package dev.ancestral.trainer.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import org.jspecify.annotations.Nullable;

/** An embedded profile of red, green and blue, by which pixels become sRGB. Thread-safe. */
final class ColourProfile {
  /** How far a profile may move a colour and still be sRGB by another name. */
  private static final int SAME = 2;

  private static final int[] PROBES = {0, 51, 102, 153, 204, 255};

  /** Pixels converted in one go. */
  private static final int STRIP = 1 << 14;

  private final ColorConvertOp toSrgb;

  private ColourProfile(ColorConvertOp toSrgb) {
    this.toSrgb = toSrgb;
  }

  /** Null if there is none, or the pixels are sRGB as they are. */
  static @Nullable ColourProfile of(byte @Nullable [] icc) throws BadImageException {
    ColorConvertOp toSrgb = IccProfiles.toSrgb(icc, ColorSpace.TYPE_RGB);
    if (toSrgb == null) {
      return null;
    }
    ColourProfile profile = new ColourProfile(toSrgb);
    return profile.movesNothing() ? null : profile;
  }

  /** Converts pixels, three bytes each, in their place. */
  void convert(byte[] pixels) {
    for (int start = 0; start < pixels.length; start += 3 * STRIP) {
      int length = Math.min(3 * STRIP, pixels.length - start);
      WritableRaster strip =
          Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, length / 3, 1, 3, null);
      byte[] data = ((DataBufferByte) strip.getDataBuffer()).getData();
      System.arraycopy(pixels, start, data, 0, length);
      toSrgb.filter(strip, strip);
      System.arraycopy(data, 0, pixels, start, length);
    }
  }

  private boolean movesNothing() {
    int side = PROBES.length;
    byte[] probes = new byte[side * side * side * 3];
    for (int i = 0; i < probes.length; i += 3) {
      int colour = i / 3;
      probes[i] = (byte) PROBES[colour % side];
      probes[i + 1] = (byte) PROBES[colour / side % side];
      probes[i + 2] = (byte) PROBES[colour / side / side];
    }
    byte[] moved = probes.clone();
    convert(moved);
    for (int i = 0; i < probes.length; i++) {
      if (Math.abs((probes[i] & 0xFF) - (moved[i] & 0xFF)) > SAME) {
        return false;
      }
    }
    return true;
  }
}
