package dev.ancestral.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;

class AnimatedGifTest {
  @Test
  void everyFrameIsThereWithItsDelay_theLastStays_andItLoopsForEver() throws IOException {
    List<BufferedImage> frames =
        Stream.of(Color.RED, Color.GREEN, Color.BLUE).map(AnimatedGifTest::filled).toList();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    AnimatedGif.write(file, frames, Duration.ofMillis(80));

    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in =
        ImageIO.createImageInputStream(new ByteArrayInputStream(file.toByteArray()))) {
      reader.setInput(in);
      assertEquals(3, reader.getNumImages(true));
      for (int i = 0; i < 3; i++) {
        assertEquals(frames.get(i).getRGB(3, 2), reader.read(i).getRGB(3, 2), "frame " + i);
        IIOMetadataNode root =
            (IIOMetadataNode) reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
        assertEquals(i < 2 ? "8" : "96", attribute(root, "GraphicControlExtension", "delayTime"));
      }
      IIOMetadataNode first =
          (IIOMetadataNode) reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0");
      assertEquals("NETSCAPE", attribute(first, "ApplicationExtension", "applicationID"));
      assertArrayEquals(
          new byte[] {1, 0, 0},
          (byte[]) node(first, "ApplicationExtension").getUserObject(),
          "loop count 0 is for ever");
    } finally {
      reader.dispose();
    }
  }

  private static BufferedImage filled(Color color) {
    BufferedImage image = new BufferedImage(7, 5, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 35; i++) {
      image.setRGB(i % 7, i / 7, color.getRGB());
    }
    return image;
  }

  private static String attribute(IIOMetadataNode root, String name, String attribute) {
    return node(root, name).getAttribute(attribute);
  }

  private static IIOMetadataNode node(IIOMetadataNode root, String name) {
    return (IIOMetadataNode) root.getElementsByTagName(name).item(0);
  }
}
