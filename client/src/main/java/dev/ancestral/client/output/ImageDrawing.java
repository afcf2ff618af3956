package dev.ancestral.client.output;

import dev.ancestral.diffusion.ClassNames;
import dev.ancestral.picture.ContactSheet;
import dev.ancestral.picture.Pixels;
import dev.ancestral.picture.PngText;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Model;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
  private final ClassNames classes;
  private final int fileScale;
  private final int sheetScale;
  private final Excess excess;

  private final List<String> remarks = new ArrayList<>();

  /** What the sheet will show. */
  private final SortedMap<Integer, BufferedImage> cells = new TreeMap<>();

  ImageDrawing(OutputOptions options, Model model) {
    this.options = options;
    this.model = model;
    this.classes = new ClassNames(model.getNumClasses(), model.getClassNamesList());
    int height = model.getDataShapeList().get(1).intValue();
    int width = model.getDataShapeList().get(2).intValue();
    int most = (int) Math.max(1, Math.sqrt(GRID_PIXELS / ((double) height * width)));
    this.fileScale = options.scale().orElse(1);
    if (fileScale > most) {
      throw new IllegalArgumentException(
          "--scale: %d (expected: 1..%d for pictures of %d x %d)"
              .formatted(fileScale, most, width, height));
    }
    this.sheetScale = options.scale().orElse(ContactSheet.comfortableScale(width));
    this.excess = new Excess(model.getDataMin(), model.getDataMax());
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>();
    IntStream.rangeClosed(options.first(), options.last()).mapToObj(this::name).forEach(names::add);
    names.add(GRID);
    if (options.chain()) {
      names.add(Animation.NAME);
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
  public boolean readsValues() {
    return false;
  }

  @Override
  public void add(Path directory, int index, float[] values, Recipe recipe) throws IOException {
    excess.add(values);
    BufferedImage image =
        Pixels.image(values, dimensions(), model.getDataMin(), model.getDataMax());
    byte[] png = Pixels.png(Pixels.enlarged(image, fileScale));
    Files.write(directory.resolve(name(index)), PngText.add(png, Recipe.KEYWORD, recipe.toJson()));
    if (index - options.first() < overviewCells()) {
      cells.put(index, image);
    }
  }

  @Override
  public void finish(Path directory, Samples samples, @Nullable Chain chain, Recipe recipe)
      throws IOException {
    if (options.labelled()) {
      Files.writeString(directory.resolve(LABELS), labels(samples));
    }
    excess.remark(recipe.request().getClip()).ifPresent(remarks::add);
    byte[] png = Pixels.png(sheet(List.copyOf(cells.values()), captions(samples)));
    Files.write(directory.resolve(GRID), PngText.add(png, Recipe.KEYWORD, recipe.toJson()));
    if (chain != null) {
      List<BufferedImage> frames =
          new LazyList<>(
              chain.length(),
              i -> sheet(chain.frames().get(i).stream().map(this::image).toList(), List.of()));
      Animation.write(directory, frames);
    }
  }

  @Override
  public List<String> remarks() {
    return remarks;
  }

  private BufferedImage sheet(List<BufferedImage> pictures, List<String> captions) {
    return ContactSheet.of(pictures, options.columnsFor(pictures.size()), sheetScale, captions);
  }

  /** The class of each cell; nothing where there are none. */
  private List<String> captions(Samples samples) {
    return options.labelled()
        ? cells.keySet().stream().map(i -> className(samples, i)).toList()
        : List.of();
  }

  private String className(Samples samples, int index) {
    Integer label = samples.label(index);
    return label == null ? "" : classes.of(label);
  }

  /** A frame, which travelled as UINT8. */
  private BufferedImage image(ByteBuffer bytes) {
    float[] levels = new float[bytes.remaining()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = Byte.toUnsignedInt(bytes.get(i));
    }
    return Pixels.image(levels, dimensions(), 0, 255);
  }

  private String labels(Samples samples) {
    StringBuilder csv = new StringBuilder("file,label,name\n");
    for (int i = options.first(); i <= options.last(); i++) {
      Integer label = samples.label(i);
      csv.append(name(i)).append(',').append(label == null ? "" : label).append(',');
      csv.append(quoted(className(samples, i))).append('\n');
    }
    return csv.toString();
  }

  /** As RFC 4180 has it; a name with a line break in it would be two lines to many readers. */
  private static String quoted(String name) {
    String line = name.replaceAll("\\R", " ");
    return line.contains(",") || line.contains("\"")
        ? '"' + line.replace("\"", "\"\"") + '"'
        : line;
  }

  private String name(int index) {
    int digits = Math.max(MIN_DIGITS, Integer.toString(options.last()).length());
    return ("%0" + digits + "d.png").formatted(index);
  }

  private int cells(long pixels) {
    long cell =
        model.getDataShapeList().get(1) * model.getDataShapeList().get(2) * sheetScale * sheetScale;
    return (int) Math.max(1, Math.min(options.samples(), pixels / cell));
  }

  private long[] dimensions() {
    return model.getDataShapeList().stream().mapToLong(Long::longValue).toArray();
  }
}
