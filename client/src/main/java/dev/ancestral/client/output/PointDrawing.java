package dev.ancestral.client.output;

import dev.ancestral.picture.Pixels;
import dev.ancestral.picture.PngText;
import dev.ancestral.picture.Scatter;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.v1.Encoding;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Points: a table of their features, a scatter of the first two, and its animation. */
final class PointDrawing implements Drawing {
  static final String TABLE = "samples.csv";
  static final String SCATTER = "scatter.png";

  /** Beyond this many a scatter is a blot. */
  private static final int CHAIN_POINTS = 5_000;

  private final OutputOptions options;

  PointDrawing(OutputOptions options) {
    this.options = options;
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>(List.of(TABLE, SCATTER));
    if (options.chain()) {
      names.add(Animation.NAME);
    }
    return names;
  }

  @Override
  public Encoding frameEncoding() {
    return Encoding.ENCODING_FLOAT32;
  }

  @Override
  public int chainCells() {
    return Math.min(options.samples(), CHAIN_POINTS);
  }

  @Override
  public String overview() {
    return SCATTER;
  }

  @Override
  public int overviewCells() {
    return options.samples();
  }

  @Override
  public boolean readsValues() {
    return true;
  }

  /** A point by itself is no file. */
  @Override
  public void add(Path directory, int index, float[] values, Recipe recipe) {}

  /** Points have no range that they are cut to. */
  @Override
  public List<String> remarks() {
    return List.of();
  }

  @Override
  public void finish(Path directory, Samples samples, @Nullable Chain chain, Recipe recipe)
      throws IOException {
    List<float[]> points = samples.values();
    try (Writer table = Files.newBufferedWriter(directory.resolve(TABLE))) {
      write(table, options.first(), samples, points);
    }
    byte[] png = Pixels.png(Scatter.of(List.of(points)).frame(points));
    Files.write(directory.resolve(SCATTER), PngText.add(png, Recipe.KEYWORD, recipe.toJson()));
    if (chain != null) {
      List<List<float[]>> frames =
          chain.frames().stream()
              .<List<float[]>>map(frame -> new LazyList<>(frame.size(), i -> floats(frame.get(i))))
              .toList();
      // One scale for all frames, or the cloud would seem to stand still.
      Scatter scatter = Scatter.of(frames);
      Animation.write(directory, new LazyList<>(frames.size(), i -> scatter.frame(frames.get(i))));
    }
  }

  private static void write(Writer table, int first, Samples samples, List<float[]> points)
      throws IOException {
    boolean labelled = samples.labelled();
    List<String> header =
        Stream.iterate(0, i -> i + 1).limit(points.get(0).length).map(i -> "x" + i).toList();
    table.write(String.join(",", header) + (labelled ? ",label\n" : "\n"));
    for (int i = 0; i < points.size(); i++) {
      StringBuilder line = new StringBuilder();
      String separator = "";
      for (float feature : points.get(i)) {
        line.append(separator).append(feature);
        separator = ",";
      }
      if (labelled) {
        Integer label = samples.label(first + i);
        line.append(',').append(label == null ? "" : label);
      }
      table.write(line.append('\n').toString());
    }
  }

  private static float[] floats(ByteBuffer bytes) {
    FloatBuffer floats = bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[floats.remaining()];
    floats.get(values);
    return values;
  }
}
