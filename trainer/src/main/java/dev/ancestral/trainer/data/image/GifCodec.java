package dev.ancestral.trainer.data.image;

import java.io.IOException;
import java.nio.ByteOrder;
import javax.imageio.stream.ImageInputStream;

/** The first frame of a GIF as the JDK reads it, at its place on the file's screen. */
final class GifCodec implements Codec {
  private static final int SIGNATURE = 6;
  private static final int FRAME = 0x2C;
  private static final int EXTENSION = 0x21;

  /** The first frame's place and size; the screen holds it. */
  private record Frame(int left, int top, int screenWidth, int screenHeight) {}

  @Override
  public ImageHeader header(ImageInputStream in) throws IOException {
    Frame frame = frame(in, false);
    return ImageHeader.of(
        ImageFormat.GIF, frame.screenWidth(), frame.screenHeight(), 8, Orientation.NORMAL);
  }

  @Override
  public DecodedImage decode(ImageInputStream in, DecodeSettings settings) throws IOException {
    Frame frame = frame(in, true);
    ReadImage read = ReadImage.first(ImageReaders.ofJdk("gif"), in);
    Canvas canvas = read.canvas(frame.screenWidth(), frame.screenHeight(), true, settings);
    read.putOn(canvas, frame.left(), frame.top());
    return canvas.finish(null, Orientation.NORMAL);
  }

  private static Frame frame(ImageInputStream in, boolean whole) throws IOException {
    in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
    in.seek(SIGNATURE);
    int screenWidth = in.readUnsignedShort();
    int screenHeight = in.readUnsignedShort();
    int flags = in.readUnsignedByte();
    in.skipBytes(2);
    skipPalette(in, flags);
    int block = in.readUnsignedByte();
    for (; block == EXTENSION; block = in.readUnsignedByte()) {
      in.readUnsignedByte();
      skipBlocks(in);
    }
    if (block != FRAME) {
      throw new BadImageException("holds no picture");
    }
    int left = in.readUnsignedShort();
    int top = in.readUnsignedShort();
    int width = in.readUnsignedShort();
    int height = in.readUnsignedShort();
    if (width == 0 || height == 0) {
      throw new BadImageException("says that it is %d×%d pixels".formatted(width, height));
    }
    if (whole) {
      skipPalette(in, in.readUnsignedByte());
      in.readUnsignedByte();
      skipBlocks(in);
    }
    return new Frame(
        left, top, Math.max(screenWidth, left + width), Math.max(screenHeight, top + height));
  }

  private static void skipPalette(ImageInputStream in, int flags) throws IOException {
    if ((flags & 0x80) != 0) {
      skip(in, 6 << (flags & 7));
    }
  }

  /** Each says its length before its data; one of no bytes is the last. */
  private static void skipBlocks(ImageInputStream in) throws IOException {
    for (int length = in.readUnsignedByte(); length > 0; length = in.readUnsignedByte()) {
      skip(in, length);
    }
  }

  /** The end of the file, if it is reached, is met by the next read. */
  private static void skip(ImageInputStream in, int bytes) throws IOException {
    in.seek(in.getStreamPosition() + bytes);
  }
}
