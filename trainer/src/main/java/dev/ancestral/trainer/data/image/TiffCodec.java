package dev.ancestral.trainer.data.image;

import java.io.IOException;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/** The first page of a TIFF file as TwelveMonkeys reads it. */
final class TiffCodec implements Codec {
  private static final int WHOLE_NUMBERS = 1;

  @Override
  public ImageHeader header(ImageInputStream in) throws IOException {
    TiffDirectory page = TiffDirectory.read(in);
    return ImageHeader.of(
        ImageFormat.TIFF,
        page.first(TiffDirectory.WIDTH, 0),
        page.first(TiffDirectory.HEIGHT, 0),
        (int) Math.max(8, page.first(TiffDirectory.BITS, 1)),
        page.orientation());
  }

  @Override
  public DecodedImage decode(ImageInputStream in, DecodeSettings settings) throws IOException {
    TiffDirectory page = TiffDirectory.read(in);
    if (page.first(TiffDirectory.SAMPLE_FORMAT, WHOLE_NUMBERS) != WHOLE_NUMBERS) {
      throw new BadImageException(
          "has samples that are signed or of floating point (expected: whole numbers)");
    }
    check(page, TiffDirectory.STRIP_OFFSETS, TiffDirectory.STRIP_LENGTHS, in.length());
    check(page, TiffDirectory.TILE_OFFSETS, TiffDirectory.TILE_LENGTHS, in.length());
    ReadImage read = ReadImage.first(ImageReaders.ofTiff(), in);
    Canvas canvas =
        read.canvas(
            read.image().getWidth(), read.image().getHeight(), read.isTransparent(), settings);
    if (read.isInk()) {
      read.putOn(canvas, new Inks(InkTable.of(profile(page))));
      return canvas.finish(null, page.orientation());
    }
    read.putOn(canvas, 0, 0);
    return canvas.finish(ColourProfile.of(profile(page)), page.orientation());
  }

  private static void check(TiffDirectory page, int offsets, int lengths, long end)
      throws BadImageException {
    long[] starts = page.all(offsets);
    long[] sizes = page.all(lengths);
    for (int i = 0; i < Math.min(starts.length, sizes.length); i++) {
      if (starts[i] + sizes[i] > end) {
        throw new BadImageException("is cut: its strip %d ends beyond the file".formatted(i));
      }
    }
  }

  private static byte @Nullable [] profile(TiffDirectory page) {
    long[] values = page.all(TiffDirectory.COLOUR_PROFILE);
    if (values.length == 0) {
      return null;
    }
    byte[] profile = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      profile[i] = (byte) values[i];
    }
    return profile;
  }
}
