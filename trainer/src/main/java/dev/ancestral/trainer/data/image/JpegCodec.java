package dev.ancestral.trainer.data.image;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * JPEG, baseline and progressive. ImageIO's reader gives the components as they are stored; what
 * colours they are is decided here, as libjpeg does, since ImageIO's own conversion takes inks for
 * colours and guesses others.
 */
final class JpegCodec implements Codec {
  private static final int EOI = 0xD9;

  /** Of libjpeg's warnings: bytes between segments, and numbers that only progressive files use. */
  private static final List<String> HARMLESS =
      List.of("extraneous bytes", "Invalid SOS parameters for sequential JPEG");

  @Override
  public ImageHeader header(ImageInputStream in) throws IOException {
    return new JpegSegments(in).header();
  }

  @Override
  public DecodedImage decode(ImageInputStream in, DecodeSettings settings) throws IOException {
    JpegSegments segments = new JpegSegments(in);
    Raster raster = raster(segments.kept(), scans(in));
    int channels = segments.components() == 1 ? 1 : 3;
    boolean inks = segments.components() == 4;
    Canvas canvas = new Canvas(raster.getWidth(), raster.getHeight(), channels, false, 8, settings);
    JpegColours colours =
        new JpegColours(
            segments.components(),
            segments.isLumaChroma(),
            segments.isInverted(),
            new Inks(inks ? InkTable.of(segments.profile()) : null));
    for (int y = 0; y < raster.getHeight(); y++) {
      colours.putRow(canvas, y, raster);
    }
    return canvas.finish(
        channels == 1 || inks ? null : ColourProfile.of(segments.profile()),
        segments.orientation());
  }

  /**
   * From the first scan to the end that a marker says; what stands behind it is not the picture.
   */
  private static byte[] scans(ImageInputStream in) throws IOException {
    long length = in.length() - in.getStreamPosition();
    byte[] scans = new byte[Math.toIntExact(length)];
    in.readFully(scans);
    for (int i = 0; i + 1 < scans.length; i++) {
      if (scans[i] != (byte) 0xFF) {
        continue;
      }
      int marker = scans[i + 1] & 0xFF;
      if (marker == EOI) {
        return Arrays.copyOf(scans, i + 2);
      }
      // Not within a scan's data, where the zero and the restarts stand.
      if (marker != 0 && marker != 0xFF && (marker < 0xD0 || marker > 0xD7)) {
        if (i + 3 >= scans.length) {
          break;
        }
        i += 1 + (((scans[i + 2] & 0xFF) << 8) | (scans[i + 3] & 0xFF));
      }
    }
    throw new EOFException();
  }

  private static Raster raster(byte[] head, byte[] scans) throws IOException {
    ImageReader reader = ImageReaders.ofJdk("jpeg");
    List<String> warnings = new ArrayList<>();
    try (ImageInputStream in =
        new MemoryCacheImageInputStream(
            new SequenceInputStream(
                new ByteArrayInputStream(head), new ByteArrayInputStream(scans)))) {
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      reader.setInput(in, true, true);
      Raster raster = reader.readRaster(0, null);
      for (String warning : warnings) {
        // All others say that gray or wrong pixels were left behind.
        if (HARMLESS.stream().noneMatch(warning::contains)) {
          throw new BadImageException("is damaged (" + warning + ")");
        }
      }
      return raster;
    } finally {
      reader.dispose();
    }
  }
}
