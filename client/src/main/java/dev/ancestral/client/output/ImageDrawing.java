package dev.ancestral.client.output;

import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.picture.AnimatedGif;
import dev.ancestral.picture.ContactSheet;
import dev.ancestral.picture.Pixels;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Pictures: one PNG a sample, a contact sheet, its animation, and the labels as a table. */
final class ImageDrawing implements Drawing {
  static final String GRID = "grid.png";
  static final String LABELS = "labels.csv";

  /** Bounds of a sheet, in pixels: what a viewer opens at once, and what a GIF stays small with. */
  private static final long GRID_PIXELS = 32L << 20;

  private static final long CHAIN_PIXELS = 1 << 20;
  private static final int MIN_DIGITS = 3;

  private final OutputOptions options;
  private final Model model;
  private final int scale;

  ImageDrawing(OutputOptions options, Model model) {
    this.options = options;
    this.model = model;
    this.scale = ContactSheet.comfortableScale(model.getDataShapeList().get(2).intValue());
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>();
    IntStream.range(0, options.samples()).mapToObj(this::name).forEach(names::add);
    names.add(GRID);
    if (options.chain()) {
      names.add(SampleOutput.CHAIN);
    }
    if (options.labelled()) {
      names.add(LABELS);
    }
    return names;
  }

  @Override
  public Encoding frameEncoding() {
    // Frames are only looked at: a quarter of the bytes.
    return Encoding.ENCODING_UINT8;
  }

  @Override
  public int chainCells() {
    return cells(CHAIN_PIXELS);
  }

  @Override
  public String overview() {
    return GRID;
  }

  @Override
  public int overviewCells() {
    return cells(GRID_PIXELS);
  }

  @Override
  public void write(Path directory, Samples samples, Chain chain) throws IOException {
    List<float[]> all = samples.all();
    List<BufferedImage> cells = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      BufferedImage image =
          Pixels.image(all.get(i), dimensions(), model.getDataMin(), model.getDataMax());
      byte[] png = Pixels.png(image);
      AtomicFile.write(directory.resolve(name(i)), out -> out.write(png));
      if (i < overviewCells()) {
        cells.add(image);
      }
    }
    if (options.labelled()) {
      AtomicFile.writeString(directory.resolve(LABELS), labels(samples));
    }
    byte[] grid = Pixels.png(sheet(cells));
    AtomicFile.write(directory.resolve(GRID), out -> out.write(grid));
    if (options.chain()) {
      List<List<Tensor>> frames = chain.frames();
      AtomicFile.write(
          directory.resolve(SampleOutput.CHAIN),
          out ->
              AnimatedGif.write(
                  out,
                  new LazyFrames(
                      frames.size(), i -> sheet(frames.get(i).stream().map(this::image).toList())),
                  SampleOutput.FRAME_DELAY));
    }
  }

  private BufferedImage sheet(List<BufferedImage> cells) {
    return ContactSheet.of(cells, options.columnsFor(cells.size()), scale);
  }

  private BufferedImage image(Tensor tensor) {
    return switch (tensor.getDataCase()) {
      case UINT8 -> {
        byte[] bytes = tensor.getUint8().toByteArray();
        float[] levels = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
          levels[i] = Byte.toUnsignedInt(bytes[i]);
        }
        yield Pixels.image(levels, dimensions(), 0, 255);
      }
      case FLOAT32, PNG, DATA_NOT_SET ->
          Pixels.image(
              FloatTensor.of(tensor).values(),
              dimensions(),
              model.getDataMin(),
              model.getDataMax());
    };
  }

  private String labels(Samples samples) {
    StringBuilder csv = new StringBuilder("file,label\n");
    for (int i = 0; i < samples.count(); i++) {
      Integer label = samples.label(i);
      csv.append(name(i)).append(',').append(label == null ? "" : label).append('\n');
    }
    return csv.toString();
  }

  private String name(int index) {
    int digits = Math.max(MIN_DIGITS, Integer.toString(options.samples() - 1).length());
    return ("%0" + digits + "d.png").formatted(index);
  }

  private int cells(long pixels) {
    long cell = model.getDataShapeList().get(1) * model.getDataShapeList().get(2) * scale * scale;
    return (int) Math.max(1, Math.min(options.samples(), pixels / cell));
  }

  private long[] dimensions() {
    return model.getDataShapeList().stream().mapToLong(Long::longValue).toArray();
  }
}
