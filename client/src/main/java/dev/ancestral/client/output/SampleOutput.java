package dev.ancestral.client.output;

import dev.ancestral.client.data.Npy;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Collects what one sampling sends and writes it when all is there: images as {@code 000.png}… and
 * {@code grid.png} (with labels, {@code labels.csv}), points as {@code samples.csv} and {@code
 * scatter.png}, frames as {@code chain.gif}, on request the raw floats as {@code samples.npy}.
 *
 * <p>Nothing is written before {@link #write}, so that a sampling that fails leaves nothing. For
 * one thread.
 */
public final class SampleOutput {
  static final String CHAIN = "chain.gif";
  static final Duration FRAME_DELAY = Duration.ofMillis(80);
  private static final String RAW = "samples.npy";

  /** Every name a sampling may write. */
  private static final Pattern OURS =
      Pattern.compile(
          "\\d{3,}\\.png|grid\\.png|chain\\.gif|labels\\.csv|samples\\.(npy|csv)|scatter\\.png");

  private final OutputOptions options;
  private final Drawing drawing;
  private final Samples samples;
  private final Chain chain;

  private SampleOutput(OutputOptions options, Model model, Drawing drawing) {
    this.options = options;
    this.drawing = drawing;
    this.samples = new Samples(options.samples(), model.getDataShapeList());
    this.chain = new Chain(drawing.chainCells());
  }

  /**
   * Prepares for the samples of a model.
   *
   * @throws IllegalArgumentException if the directory is none, or holds files of an earlier
   *     sampling that this one would leave among its own, or if the data cannot be drawn
   * @throws IOException if the directory cannot be read
   */
  public static SampleOutput of(OutputOptions options, Model model) throws IOException {
    SampleOutput output = new SampleOutput(options, model, drawing(options, model));
    output.refuseLeftovers();
    return output;
  }

  /** How frames should travel. */
  public Encoding frameEncoding() {
    return drawing.frameEncoding();
  }

  /** Takes a sample, encoded as FLOAT32. */
  public void add(Sample sample) {
    samples.add(sample);
  }

  /** Takes a frame with x_t, encoded as {@link #frameEncoding}. */
  public void add(Frame frame) {
    chain.add(frame);
  }

  /** Writes the files, each whole or not at all. */
  public WrittenFiles write() throws IOException {
    drawing.write(options.directory(), samples, chain);
    if (options.npy()) {
      List<Long> shape = new ArrayList<>();
      shape.add((long) samples.count());
      shape.addAll(samples.shape());
      Npy.write(options.directory().resolve(RAW), shape, samples.all());
    }
    List<String> remarks = new ArrayList<>();
    remark(remarks, drawing.overview(), drawing.overviewCells());
    if (options.chain()) {
      remark(remarks, CHAIN, drawing.chainCells());
    }
    return new WrittenFiles(names(), remarks);
  }

  private void remark(List<String> remarks, String file, int shown) {
    if (shown < options.samples()) {
      remarks.add("%s shows the first %d of %d".formatted(file, shown, options.samples()));
    }
  }

  private static Drawing drawing(OutputOptions options, Model model) {
    List<Long> shape = model.getDataShapeList();
    if (shape.size() == 1) {
      return new PointDrawing(options);
    }
    if (shape.size() == 3 && (shape.get(0) == 1 || shape.get(0) == 3)) {
      return new ImageDrawing(options, model);
    }
    throw new IllegalArgumentException(
        "model %s: data of shape %s (expected: [1|3, height, width] or [features])"
            .formatted(model.getName(), shape));
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(drawing.names());
    if (options.npy()) {
      names.add(RAW);
    }
    return names;
  }

  private void refuseLeftovers() throws IOException {
    Path directory = options.directory();
    if (!Files.exists(directory)) {
      return;
    }
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(directory + ": is a file (expected: a directory)");
    }
    Set<String> replaced = new HashSet<>(names());
    try (Stream<Path> files = Files.list(directory)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> OURS.matcher(name).matches() && !replaced.contains(name))
          .sorted()
          .findFirst()
          .ifPresent(
              name -> {
                throw new IllegalArgumentException(
                    directory.resolve(name)
                        + ": is left from an earlier sampling and would stay among the new files"
                        + " (expected: another directory, or remove it)");
              });
    }
  }
}
