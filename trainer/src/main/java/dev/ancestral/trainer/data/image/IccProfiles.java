package dev.ancestral.trainer.data.image;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Embedded ICC profiles as conversions to sRGB with the perceptual intent and black kept black, as
 * littleCMS does it for a viewer; Java's own use of littleCMS differs for inks.
 */
final class IccProfiles {
  private static final int HEADER = 128;

  /** Where the header says the version, the device's class and the intent. */
  private static final int VERSION = 8;

  private static final int CLASS = 12;
  private static final int INTENT = 64;

  /** Types of tags: three numbers, and a curve by its parameters. */
  private static final int XYZ = 0x58595A20;

  private static final int CURVE = 0x70617261;

  /** The kind of curve that is linear below a level and a power above, where its number stands. */
  private static final double WITH_LINEAR_PART = 3;

  private static final ICC_Profile SRGB = srgb();

  private IccProfiles() {}

  /**
   * sRGB of version 4, into which littleCMS maps black to black: from inks into Java's own, of
   * version 2, it leaves black the dark gray that ink is. The primaries are IEC 61966-2.1's,
   * adapted to D50.
   */
  private static ICC_Profile srgb() {
    byte[] icc = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    icc[VERSION] = 4;
    ICC_Profile srgb = ICC_Profile.getInstance(icc);
    srgb.setData(ICC_Profile.icSigRedColorantTag, tag(XYZ, 0.43604, 0.22249, 0.01392));
    srgb.setData(ICC_Profile.icSigGreenColorantTag, tag(XYZ, 0.38512, 0.71690, 0.09706));
    srgb.setData(ICC_Profile.icSigBlueColorantTag, tag(XYZ, 0.14305, 0.06061, 0.71391));
    byte[] curve = tag(CURVE, WITH_LINEAR_PART, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045);
    srgb.setData(ICC_Profile.icSigRedTRCTag, curve);
    srgb.setData(ICC_Profile.icSigGreenTRCTag, curve);
    srgb.setData(ICC_Profile.icSigBlueTRCTag, curve);
    return srgb;
  }

  /** A tag's data: its type, a zero, numbers of 16 bits before and behind the point. */
  private static byte[] tag(int type, double... numbers) {
    ByteBuffer data = ByteBuffer.allocate(8 + 4 * numbers.length).putInt(type).putInt(0);
    for (double number : numbers) {
      data.putInt((int) Math.round(number * (1 << 16)));
    }
    return data.array();
  }

  /**
   * The conversion from pixels of a profile. Thread-safe.
   *
   * @param type of the pixels, such as {@link ColorSpace#TYPE_RGB}
   * @return null if there is no profile, or it is of other pixels: some programs convert pixels and
   *     leave the profile behind
   * @throws BadImageException if the profile cannot be used
   */
  static @Nullable ColorConvertOp toSrgb(byte @Nullable [] icc, int type) throws BadImageException {
    if (icc == null) {
      return null;
    }
    try {
      ICC_Profile profile = ICC_Profile.getInstance(perceptual(icc));
      if (profile.getColorSpaceType() != type) {
        return null;
      }
      ColorConvertOp conversion = new ColorConvertOp(new ICC_Profile[] {profile, SRGB}, null);
      // Whether the two can be linked shows when the first pixel is converted.
      conversion.filter(pixel(profile.getNumComponents()), null);
      return conversion;
    } catch (IllegalArgumentException | CMMException e) {
      throw new BadImageException(
          "has a colour profile that cannot be used (" + e.getMessage() + ")", e);
    }
  }

  private static Raster pixel(int channels) {
    return Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 1, 1, channels, null);
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
}
