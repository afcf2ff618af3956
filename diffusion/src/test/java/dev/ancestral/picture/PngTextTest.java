package dev.ancestral.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;

/** With ImageIO, which knows nothing of ours, on the other side. */
final class PngTextTest {
  private static final String FORMAT = "javax_imageio_png_1.0";
  private static final String TEXT = "{\"seed\":\"7\"}";
  private static final byte[] PLAIN = Pixels.png(picture());

  private static BufferedImage picture() {
    return Pixels.image(new float[] {-1, 0, 1, 0.5f}, new long[] {1, 2, 2}, -1, 1);
  }

  @Test
  void aTextIsFoundAgain_andThePictureStays() throws IOException {
    byte[] png = PngText.add(PLAIN, "ancestral", TEXT);
    assertEquals(Optional.of(TEXT), PngText.find(png, "ancestral"));
    assertEquals(Optional.empty(), PngText.find(png, "Software"));
    assertEquals(Optional.empty(), PngText.find(PLAIN, "ancestral"));
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
    assertArrayEquals(
        picture().getRaster().getPixels(0, 0, 2, 2, (int[]) null),
        read.getRaster().getPixels(0, 0, 2, 2, (int[]) null));
  }

  @Test
  void anotherReaderFindsItToo() throws IOException {
    byte[] png = PngText.add(PLAIN, "ancestral", TEXT);
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(png))) {
      reader.setInput(in);
      IIOMetadataNode root = (IIOMetadataNode) reader.getImageMetadata(0).getAsTree(FORMAT);
      NodeList entries = root.getElementsByTagName("tEXtEntry");
      assertEquals(1, entries.getLength());
      IIOMetadataNode entry = (IIOMetadataNode) entries.item(0);
      assertEquals("ancestral", entry.getAttribute("keyword"));
      assertEquals(TEXT, entry.getAttribute("value"));
    } finally {
      reader.dispose();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tEXt", "zTXt", "iTXt"})
  void aTextIsFoundInEveryKindOfChunkThatAnotherWriterMakesOfIt(String chunk) throws IOException {
    assertEquals(Optional.of(TEXT), PngText.find(write(chunk), "ancestral"));
  }

  @Test
  void aDamagedFileHasNone() {
    byte[] png = PngText.add(PLAIN, "ancestral", TEXT);
    for (int length = 0; length < 33 + 12 + TEXT.length() + 10; length++) {
      byte[] cut = Arrays.copyOf(png, length);
      assertTrue(!PngText.isPng(cut) || PngText.find(cut, "ancestral").isEmpty(), "" + length);
    }
    png[33] = 0x7F;
    assertEquals(Optional.empty(), PngText.find(png, "ancestral"));
    assertFalse(
        PngText.isPng(
            "no picture, but longer than the header of one".getBytes(StandardCharsets.US_ASCII)));
  }

  private static byte[] write(String chunk) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(
              ImageTypeSpecifier.createFromRenderedImage(picture()), null);
      IIOMetadataNode entry = new IIOMetadataNode(chunk + "Entry");
      entry.setAttribute("keyword", "ancestral");
      entry.setAttribute(chunk.equals("tEXt") ? "value" : "text", TEXT);
      entry.setAttribute("compressionMethod", chunk.equals("iTXt") ? "0" : "deflate");
      entry.setAttribute("compressionFlag", "TRUE");
      entry.setAttribute("languageTag", "en");
      entry.setAttribute("translatedKeyword", "recipe");
      IIOMetadataNode list = new IIOMetadataNode(chunk);
      list.appendChild(entry);
      IIOMetadataNode root = new IIOMetadataNode(FORMAT);
      root.appendChild(list);
      metadata.mergeTree(FORMAT, root);
      writer.write(new IIOImage(picture(), null, metadata));
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
