package dev.ancestral.trainer.data.image;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An embedded ICC profile, by which pixels become sRGB as littleCMS converts them, with the
 * perceptual intent. Thread-safe.
 */
final class ColourProfile {
  private static final int HEADER = 128;

  /** Where it says the version, the device's class and the intent. */
  private static final int VERSION = 8;

  private static final int CLASS = 12;
  private static final int INTENT = 64;

  /** How far a profile may move a colour and still be sRGB by another name. */
  private static final int SAME = 2;

  private static final int[] PROBES = {0, 51, 102, 153, 204, 255};

  /** Pixels converted in one go. */
  private static final int STRIP = 1 << 14;

  /**
   * Java's sRGB said to be of version 4, into which littleCMS maps black to black; from inks into
   * version 2 it leaves black the dark gray that ink is.
   */
  private static final ICC_Profile SRGB = srgb();

  private final ColorConvertOp toSrgb;
  private final int channels;

  private ColourProfile(ColorConvertOp toSrgb, int channels) {
    this.toSrgb = toSrgb;
    this.channels = channels;
  }

  private static ICC_Profile srgb() {
    byte[] icc = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    icc[VERSION] = 4;
    return ICC_Profile.getInstance(icc);
  }

  /** For pixels of red, green and blue; null if they are sRGB as they are. */
  static @Nullable ColourProfile ofRgb(byte @Nullable [] icc) throws BadImageException {
    ColourProfile profile = of(icc, ColorSpace.TYPE_RGB, 3);
    return profile == null || profile.movesNothing() ? null : profile;
  }

  /** For pixels of four inks, 255 of which is all; null if there is none. */
  static @Nullable ColourProfile ofCmyk(byte @Nullable [] icc) throws BadImageException {
    return of(icc, ColorSpace.TYPE_CMYK, 4);
  }

  private static @Nullable ColourProfile of(byte @Nullable [] icc, int type, int channels)
      throws BadImageException {
    if (icc == null) {
      return null;
    }
    try {
      ICC_Profile profile = ICC_Profile.getInstance(perceptual(icc));
      if (profile.getColorSpaceType() != type) {
        // Left behind by a program that converted the pixels and not the profile.
        return null;
      }
      ColourProfile converter =
          new ColourProfile(new ColorConvertOp(new ICC_Profile[] {profile, SRGB}, null), channels);
      converter.convert(new byte[channels], new byte[3]);
      return converter;
    } catch (IllegalArgumentException | CMMException e) {
      throw new BadImageException(
          "has a colour profile that cannot be used (" + e.getMessage() + ")", e);
    }
  }

  /**
   * The profile as one of an input, with the perceptual intent: from an output's Java would convert
   * with the colorimetric one, and an intent that some programs wrote backwards it refuses.
   */
  private static byte[] perceptual(byte[] icc) {
    if (icc.length < HEADER) {
      throw new IllegalArgumentException("it is cut");
    }
    byte[] changed = icc.clone();
    if (new String(icc, CLASS, 4, StandardCharsets.ISO_8859_1).equals("prtr")) {
      System.arraycopy("scnr".getBytes(StandardCharsets.ISO_8859_1), 0, changed, CLASS, 4);
    }
    Arrays.fill(changed, INTENT, INTENT + 4, (byte) 0);
    return changed;
  }

  /** Pixels of this profile's channels to as many pixels of red, green and blue. */
  void convert(byte[] from, byte[] to) {
    int pixels = from.length / channels;
    for (int start = 0; start < pixels; start += STRIP) {
      int count = Math.min(STRIP, pixels - start);
      WritableRaster source = strip(count, channels);
      WritableRaster target = strip(count, 3);
      System.arraycopy(from, start * channels, data(source), 0, count * channels);
      toSrgb.filter(source, target);
      System.arraycopy(data(target), 0, to, start * 3, count * 3);
    }
  }

  private static WritableRaster strip(int pixels, int channels) {
    return Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, pixels, 1, channels, null);
  }

  private static byte[] data(WritableRaster raster) {
    return ((DataBufferByte) raster.getDataBuffer()).getData();
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
    byte[] moved = new byte[probes.length];
    convert(probes, moved);
    for (int i = 0; i < probes.length; i++) {
      if (Math.abs((probes[i] & 0xFF) - (moved[i] & 0xFF)) > SAME) {
        return false;
      }
    }
    return true;
  }
}
