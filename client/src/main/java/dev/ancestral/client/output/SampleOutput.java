package dev.ancestral.client.output;

import dev.ancestral.client.data.Npy;
import dev.ancestral.client.data.RowFile;
import dev.ancestral.files.AtomicDirectory;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what one sampling sends as it comes: images as {@code 000.png}… and {@code grid.png} (with
 * labels, {@code labels.csv}), points as {@code samples.csv} and {@code scatter.png}, frames as
 * {@code chain.gif}, on request the raw floats as {@code samples.npy}; and how to draw them again,
 * as {@code request.json} and in every PNG.
 *
 * <p>The directory appears whole when {@link #finish} is done; it replaces an earlier sampling, and
 * nothing else. Closed before that, nothing is left. Memory holds no more than a sheet of pictures.
 * For one thread.
 */
public final class SampleOutput implements Closeable {
  private static final String RAW = "samples.npy";
  private static final String REQUEST = "request.json";

  /** Waits for the animation; no part of the output. */
  private static final String FRAMES = ".frames";

  private final OutputOptions options;
  private final Drawing drawing;
  private final AtomicDirectory directory;
  private final Samples samples;
  private final @Nullable RowFile rows;
  private final @Nullable Chain chain;
  private SampleRequest resolved = SampleRequest.getDefaultInstance();
  private String networkSha256 = "";

  private SampleOutput(
      OutputOptions options, List<Long> shape, Drawing drawing, AtomicDirectory directory)
      throws IOException {
    this.options = options;
    this.drawing = drawing;
    this.directory = directory;
    int elements = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    this.rows =
        options.npy() || drawing.readsValues()
            ? Npy.rows(directory.path().resolve(RAW), options.samples(), shape)
            : null;
    this.samples = new Samples(options.first(), options.samples(), shape, rows);
    this.chain =
        options.chain()
            ? Chain.create(
                directory.path().resolve(FRAMES),
                options.first(),
                drawing.chainCells(),
                elements,
                drawing.frameEncoding())
            : null;
  }

  /**
   * Prepares for the samples of a model.
   *
   * @throws IllegalArgumentException if the directory is none, or holds what is not of a sampling,
   *     or if the data cannot be drawn
   * @throws IOException if nothing can be written there
   */
  public static SampleOutput open(OutputOptions options, Model model) throws IOException {
    Drawing drawing = drawing(options, model);
    Target.check(options.directory());
    AtomicDirectory directory = AtomicDirectory.create(options.directory());
    try {
      return new SampleOutput(options, model.getDataShapeList(), drawing, directory);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** How frames should travel. */
  public Encoding frameEncoding() {
    return drawing.frameEncoding();
  }

  /**
   * Takes what all samples have in common, before any of them comes.
   *
   * @param request with every default filled in, and with its initial noise
   * @param network SHA-256 of the ONNX file
   */
  public void begin(SampleRequest request, String network) {
    resolved = request;
    networkSha256 = network;
  }

  /** Takes a sample, encoded as FLOAT32. */
  public void add(Sample sample) throws IOException {
    float[] values = samples.add(sample);
    int index = sample.getSampleIndex();
    drawing.add(directory.path(), index, values, Recipe.ofSample(resolved, networkSha256, index));
  }

  /** Takes a frame with x_t, encoded as {@link #frameEncoding}. */
  public void add(Frame frame) throws IOException {
    if (chain != null) {
      chain.add(frame);
    }
  }

  /**
   * Writes what shows all samples, and makes the directory appear.
   *
   * @throws IllegalStateException if a sample or a frame never came
   */
  public WrittenFiles finish() throws IOException {
    samples.requireAll();
    Recipe recipe = Recipe.of(resolved, networkSha256);
    drawing.finish(directory.path(), samples, chain, recipe);
    Files.writeString(directory.path().resolve(REQUEST), recipe.toPrettyJson());
    closeFiles();
    Files.deleteIfExists(directory.path().resolve(FRAMES));
    if (!options.npy()) {
      Files.deleteIfExists(directory.path().resolve(RAW));
    }
    // Again: a sampling takes its time, in which somebody may have put something there.
    Target.check(options.directory());
    directory.publish();
    List<String> remarks = new ArrayList<>(drawing.remarks());
    remark(remarks, drawing.overview(), drawing.overviewCells());
    if (options.chain()) {
      remark(remarks, Animation.NAME, drawing.chainCells());
    }
    return new WrittenFiles(names(), remarks);
  }

  @Override
  public void close() throws IOException {
    try (directory) {
      closeFiles();
    }
  }

  private void closeFiles() throws IOException {
    if (rows != null) {
      rows.close();
    }
    if (chain != null) {
      chain.close();
    }
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
    names.add(REQUEST);
    if (options.npy()) {
      names.add(RAW);
    }
    return names;
  }
}
