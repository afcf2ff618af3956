package dev.ancestral.client.output;

import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.picture.AnimatedGif;
import dev.ancestral.picture.Pixels;
import dev.ancestral.picture.Scatter;
import dev.ancestral.v1.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
      names.add(SampleOutput.CHAIN);
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
  public void write(Path directory, Samples samples, Chain chain) throws IOException {
    List<float[]> points = samples.all();
    AtomicFile.writeString(directory.resolve(TABLE), table(samples, points));
    byte[] png = Pixels.png(Scatter.of(List.of(points)).frame(points));
    AtomicFile.write(directory.resolve(SCATTER), out -> out.write(png));
    if (options.chain()) {
      List<List<float[]>> frames =
          chain.frames().stream()
              .map(frame -> frame.stream().map(state -> FloatTensor.of(state).values()).toList())
              .toList();
      // One scale for all frames, or the cloud would seem to stand still.
      Scatter scatter = Scatter.of(frames);
      AtomicFile.write(
          directory.resolve(SampleOutput.CHAIN),
          out ->
              AnimatedGif.write(
                  out,
                  new LazyFrames(frames.size(), i -> scatter.frame(frames.get(i))),
                  SampleOutput.FRAME_DELAY));
    }
  }

  private static String table(Samples samples, List<float[]> points) {
    boolean labelled = samples.labelled();
    StringBuilder csv = new StringBuilder();
    List<String> header =
        Stream.iterate(0, i -> i + 1).limit(points.get(0).length).map(i -> "x" + i).toList();
    csv.append(String.join(",", header)).append(labelled ? ",label\n" : "\n");
    for (int i = 0; i < points.size(); i++) {
      String separator = "";
      for (float feature : points.get(i)) {
        csv.append(separator).append(feature);
        separator = ",";
      }
      if (labelled) {
        Integer label = samples.label(i);
        csv.append(',').append(label == null ? "" : label);
      }
      csv.append('\n');
    }
    return csv.toString();
  }
}
