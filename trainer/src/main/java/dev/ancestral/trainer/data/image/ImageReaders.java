package dev.ancestral.trainer.data.image;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/** Readers chosen by who wrote them, so that what stands on the class path changes no pixel. */
final class ImageReaders {
  static {
    // Parts of a file that readers unpack fit in memory; they leave nothing on disk.
    ImageIO.setUseCache(false);
  }

  private ImageReaders() {}

  /** TwelveMonkeys' for WebP. */
  static ImageReader ofWebp() {
    return new WebPImageReaderSpi().createReaderInstance(null);
  }

  /** TwelveMonkeys' for TIFF. */
  static ImageReader ofTiff() {
    return new TIFFImageReaderSpi().createReaderInstance(null);
  }

  /** The JDK's own for a format. */
  static ImageReader ofJdk(String format) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      ImageReaderSpi maker = reader.getOriginatingProvider();
      if (maker != null && maker.getClass().getModule().equals(ImageIO.class.getModule())) {
        return reader;
      }
    }
    throw new IllegalStateException("this Java has no reader for " + format);
  }
}
