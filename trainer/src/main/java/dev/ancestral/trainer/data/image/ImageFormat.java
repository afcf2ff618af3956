package dev.ancestral.trainer.data.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.imageio.stream.ImageInputStream;

/** The formats that are read, known by their first bytes. */
@SuppressWarnings("ImmutableEnumChecker") // Codecs have no state, and the lists are of List.of.
public enum ImageFormat {
  PNG(new PngCodec(), List.of("\u0089PNG\r\n\u001a\n"), ".png"),
  JPEG(new JpegCodec(), List.of("\u00ff\u00d8\u00ff"), ".jpg", ".jpeg"),
  /** Lossy, lossless, with and without transparency; of an animation, the first frame. */
  WEBP(new WebpCodec(), List.of("RIFF????WEBP"), ".webp"),
  /** The first frame. */
  GIF(new GifCodec(), List.of("GIF87a", "GIF89a"), ".gif"),
  BMP(new BmpCodec(), List.of("BM"), ".bmp"),
  /** The first page. */
  TIFF(new TiffCodec(), List.of("II*\0", "MM\0*"), ".tif", ".tiff");

  private static final int LONGEST = 12;

  private final Codec codec;
  private final List<String> signatures;
  private final List<String> endings;

  ImageFormat(Codec codec, List<String> signatures, String... endings) {
    this.codec = codec;
    this.signatures = signatures;
    this.endings = List.of(endings);
  }

  Codec codec() {
    return codec;
  }

  List<String> endings() {
    return endings;
  }

  /** The format of a file, whose first byte the stream stands at again afterwards. */
  static ImageFormat of(ImageInputStream in) throws IOException {
    byte[] first = new byte[LONGEST];
    int length = 0;
    for (int read = 0; read >= 0 && length < LONGEST; length += Math.max(read, 0)) {
      read = in.read(first, length, LONGEST - length);
    }
    in.seek(0);
    if (length == 0) {
      throw new BadImageException("is empty");
    }
    String start = new String(first, 0, length, StandardCharsets.ISO_8859_1);
    return Arrays.stream(values())
        .filter(format -> format.signatures.stream().anyMatch(s -> matches(start, s)))
        .findFirst()
        .orElseThrow(() -> new BadImageException("is not an image, whatever its name says"));
  }

  /** A question mark in a signature stands for any byte. */
  private static boolean matches(String start, String signature) {
    if (start.length() < signature.length()) {
      return false;
    }
    for (int i = 0; i < signature.length(); i++) {
      if (signature.charAt(i) != '?' && signature.charAt(i) != start.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
