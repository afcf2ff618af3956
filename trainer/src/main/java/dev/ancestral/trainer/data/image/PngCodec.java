package dev.ancestral.trainer.data.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * PNG, all of it. Gamma and chromaticities are not applied, as no reader of training data does; a
 * profile is.
 */
final class PngCodec implements Codec {
  /** No profile has more bytes. */
  private static final int PROFILE_BYTES = 16 << 20;

  /** Where each of Adam7's passes begins, and how far its pixels are apart: x, y, dx, dy. */
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

  @Override
  public ImageHeader header(ImageInputStream in) throws IOException {
    PngChunks chunks = new PngChunks(in, false);
    PngHeader header = PngHeader.of(chunks);
    return ImageHeader.of(
        ImageFormat.PNG,
        header.width(),
        header.height(),
        header.colourDepth(),
        TiffDirectory.orientationOf(chunks.data("eXIf")));
  }

  @Override
  public DecodedImage decode(ImageInputStream in, DecodeSettings settings) throws IOException {
    PngChunks chunks = new PngChunks(in, true);
    PngHeader header = PngHeader.of(chunks);
    int width = (int) header.width();
    int height = (int) header.height();
    PngColours colours = PngColours.of(header, chunks.data("PLTE"), chunks.data("tRNS"));
    Canvas canvas = colours.canvas(width, height, settings);
    try (PngRows rows = new PngRows(in, chunks.all("IDAT"), header)) {
      int[] samples = new int[width * header.colour().samples()];
      for (int[] pass : header.interlaced() ? ADAM7 : ONE_PASS) {
        int across = (width - pass[0] + pass[2] - 1) / pass[2];
        int down = across == 0 ? 0 : (height - pass[1] + pass[3] - 1) / pass[3];
        rows.begin(across);
        for (int row = 0; row < down; row++) {
          rows.next(samples);
          for (int column = 0; column < across; column++) {
            colours.put(
                canvas, pass[0] + column * pass[2], pass[1] + row * pass[3], samples, column);
          }
        }
      }
      rows.end();
    } catch (ZipException e) {
      throw new BadImageException("has bad pixel data (" + e.getMessage() + ")", e);
    }
    return canvas.finish(
        ColourProfile.of(profile(chunks.data("iCCP"))),
        TiffDirectory.orientationOf(chunks.data("eXIf")));
  }

  /** The profile behind its name, a zero and a zero for the method. */
  private static byte @Nullable [] profile(byte @Nullable [] chunk) throws IOException {
    if (chunk == null) {
      return null;
    }
    int name = 0;
    while (name < chunk.length && chunk[name] != 0) {
      name++;
    }
    int start = Math.min(chunk.length, name + 2);
    try (InflaterInputStream inflated =
        new InflaterInputStream(new ByteArrayInputStream(chunk, start, chunk.length - start))) {
      return inflated.readNBytes(PROFILE_BYTES);
    } catch (IOException e) {
      throw new BadImageException("has a colour profile that cannot be inflated", e);
    }
  }
}
