package dev.ancestral.trainer.data.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a JPEG file says before its first scan: each segment is a marker, a length, and data. Colour
 * follows libjpeg: JFIF's are YCbCr, Adobe's say it, others by the names of their components.
 */
final class JpegSegments {
  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int APP14 = 0xEE;
  private static final int APP15 = 0xEF;
  private static final int COMMENT = 0xFE;

  private static final String EXIF = "Exif\0\0";
  private static final String PROFILE = "ICC_PROFILE\0";

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final TreeMap<Integer, byte[]> profile = new TreeMap<>();
  private byte @Nullable [] frame;
  private byte @Nullable [] exif;
  private boolean jfif;
  private @Nullable Integer adobe;

  /** Reads up to the first scan's marker, where the stream then stands. */
  JpegSegments(ImageInputStream in) throws IOException {
    in.setByteOrder(ByteOrder.BIG_ENDIAN);
    in.seek(2);
    marker(SOI);
    for (int marker = nextMarker(in); marker != SOS; marker = nextMarker(in)) {
      if (marker == EOI) {
        throw new BadImageException("holds no picture, only a header");
      }
      int length = in.readUnsignedShort();
      if (length < 2) {
        throw new BadImageException("has a segment of %d bytes".formatted(length));
      }
      byte[] data = new byte[length - 2];
      in.readFully(data);
      take(marker, data);
    }
    in.seek(in.getStreamPosition() - 2);
    if (frame == null) {
      throw new BadImageException("has a scan before it says its size");
    }
  }

  private static int nextMarker(ImageInputStream in) throws IOException {
    int marker = in.readUnsignedByte();
    if (marker != 0xFF) {
      throw new BadImageException("has 0x%02x where a marker should be".formatted(marker));
    }
    while (marker == 0xFF) {
      marker = in.readUnsignedByte();
    }
    return marker;
  }

  private void take(int marker, byte[] data) throws BadImageException {
    if (isFrame(marker)) {
      if (marker > 0xC2) {
        throw new BadImageException(
            "is JPEG by process 0x%02X (expected: baseline or progressive)".formatted(marker));
      }
      frame = data;
    }
    if (marker == APP0 && startsWith(data, "JFIF\0")) {
      jfif = true;
    } else if (marker == APP1 && exif == null && startsWith(data, EXIF)) {
      exif = Arrays.copyOfRange(data, EXIF.length(), data.length);
    } else if (marker == APP2 && startsWith(data, PROFILE) && data.length > PROFILE.length() + 2) {
      profile.put(
          data[PROFILE.length()] & 0xFF,
          Arrays.copyOfRange(data, PROFILE.length() + 2, data.length));
    } else if (marker == APP14 && startsWith(data, "Adobe") && data.length >= 12) {
      adobe = data[11] & 0xFF;
    }
    if ((marker < APP0 || marker > APP15) && marker != COMMENT) {
      marker(marker);
      kept.write((data.length + 2) >> 8);
      kept.write(data.length + 2);
      kept.writeBytes(data);
    }
  }

  private void marker(int marker) {
    kept.write(0xFF);
    kept.write(marker);
  }

  /** SOF0 to SOF15, between which stand other markers' numbers. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static boolean startsWith(byte[] data, String text) {
    byte[] start = text.getBytes(StandardCharsets.ISO_8859_1);
    return data.length >= start.length
        && Arrays.equals(data, 0, start.length, start, 0, start.length);
  }

  ImageHeader header() throws BadImageException {
    int components = components();
    if (components != 1 && components != 3 && components != 4) {
      throw new BadImageException(
          "has %d components a pixel (expected: 1, 3 or 4)".formatted(components));
    }
    if (frame(0) != 8) {
      throw new BadImageException("has samples of %d bits (expected: 8)".formatted(frame(0)));
    }
    return ImageHeader.of(
        ImageFormat.JPEG, (frame(3) << 8) | frame(4), (frame(1) << 8) | frame(2), 8, orientation());
  }

  int components() throws BadImageException {
    return frame(5);
  }

  private int frame(int index) throws BadImageException {
    if (frame == null || index >= frame.length) {
      throw new BadImageException("is cut within what says its size");
    }
    return frame[index] & 0xFF;
  }

  Orientation orientation() {
    return TiffDirectory.orientationOf(exif);
  }

  /** The profile's parts put together; null without one. */
  byte @Nullable [] profile() {
    if (profile.isEmpty()) {
      return null;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    profile.values().forEach(whole::writeBytes);
    return whole.toByteArray();
  }

  /** Whether the first three components are luma and two chroma. */
  boolean isLumaChroma() throws BadImageException {
    if (components() == 1) {
      return false;
    }
    if (components() == 4) {
      return adobe != null && adobe == 2;
    }
    if (jfif) {
      return true;
    }
    if (adobe != null) {
      return adobe != 0;
    }
    return !(frame(6) == 'R' && frame(9) == 'G' && frame(12) == 'B');
  }

  /** Whether four components are the paper that is left, not the ink. */
  boolean isInverted() {
    return adobe != null;
  }

  /** All that a decoder needs before the first scan: the segments without those of applications. */
  byte[] kept() {
    return kept.toByteArray();
  }
}
