package dev.ancestral.trainer.data.image;

import java.io.IOException;
import java.nio.ByteOrder;
import javax.imageio.stream.ImageInputStream;

/** BMP as the JDK reads it. */
final class BmpCodec implements Codec {
  private static final int FILE_HEADER = 14;
  private static final int OLD_HEADER = 12;

  @Override
  public ImageHeader header(ImageInputStream in) throws IOException {
    in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
    in.seek(FILE_HEADER - 4);
    long pixels = in.readUnsignedInt();
    boolean old = in.readUnsignedInt() == OLD_HEADER;
    long width = old ? in.readUnsignedShort() : in.readInt();
    // Negative where the first row is the upper one.
    long height = old ? in.readUnsignedShort() : Math.abs((long) in.readInt());
    in.skipBytes(2);
    long bits = in.readUnsignedShort();
    boolean plain = old || in.readInt() == 0;
    long row = (width * bits + 31) / 32 * 4;
    ImageHeader header = ImageHeader.of(ImageFormat.BMP, width, height, 8, Orientation.NORMAL);
    if (plain && pixels + row * height > in.length()) {
      throw new BadImageException(
          "is cut: %d rows of %d bytes end beyond the file".formatted(height, row));
    }
    return header;
  }

  @Override
  public DecodedImage decode(ImageInputStream in, DecodeSettings settings) throws IOException {
    ReadImage read = ReadImage.first(ImageReaders.ofJdk("bmp"), in);
    Canvas canvas =
        read.canvas(
            read.image().getWidth(), read.image().getHeight(), read.isTransparent(), settings);
    read.putOn(canvas, 0, 0);
    return canvas.finish(null, Orientation.NORMAL);
  }
}
