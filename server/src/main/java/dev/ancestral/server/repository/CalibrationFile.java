package dev.ancestral.server.repository;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.server.engine.BatchInvariance;
import dev.ancestral.server.engine.Calibration;
import dev.ancestral.server.engine.CostCurve;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's calibration on disk, version 1, so that a start need not measure again. It lies beside
 * the bundle, hidden, and never in it, where every file has its hash:
 *
 * <pre>
 * models/
 *   digits/                     the bundle
 *   .digits.calibration.json    {"format_version": 1, "model_sha256": "...", "runtime": "...",
 *                                "max_rows": 16, "batch_invariance": "verified", "chain_steps": 1,
 *                                "curve": [{"rows": 1, "millis": 10.2}, ...]}
 * </pre>
 *
 * What is missing, unreadable, or about another network, runtime or machine is measured anew; what
 * cannot be written is measured at every start.
 */
final class CalibrationFile {
  private static final Logger LOG = System.getLogger(CalibrationFile.class.getName());
  private static final int VERSION = 1;

  /** Of what was measured at 4096 sizes there is far less. */
  private static final long MOST_BYTES = 1 << 20;

  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .create();

  /**
   * What a calibration is of.
   *
   * @param modelSha256 of the ONNX file
   * @param runtime library, device, threads and machine
   * @param maxRows the largest size
   */
  record Subject(String modelSha256, String runtime, int maxRows) {}

  private record Content(
      int formatVersion,
      @Nullable String modelSha256,
      @Nullable String runtime,
      int maxRows,
      @Nullable String batchInvariance,
      int chainSteps,
      @Nullable List<Size> curve) {}

  private record Size(int rows, double millis) {}

  private final Path path;

  /** The file beside a bundle's directory or a lone ONNX file. */
  CalibrationFile(ModelLocation location) {
    this.path = location.path().resolveSibling("." + location.name() + ".calibration.json");
  }

  /** What is known of the subject; empty if nothing is. */
  Optional<Calibration> read(Subject subject) {
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    try {
      if (Files.size(path) > MOST_BYTES) {
        throw new IOException("larger than %d bytes".formatted(MOST_BYTES));
      }
      Content content = GSON.fromJson(Files.readString(path), Content.class);
      return content == null || content.formatVersion() != VERSION
          ? Optional.empty()
          : calibration(content, subject);
    } catch (IOException | RuntimeException e) {
      // Whatever somebody wrote there, it is no reason not to serve.
      LOG.log(Level.WARNING, "%s cannot be used, measuring again: %s".formatted(path, e));
      return Optional.empty();
    }
  }

  private static Optional<Calibration> calibration(Content content, Subject subject) {
    List<Size> curve = content.curve();
    String invariance = content.batchInvariance();
    if (!subject.modelSha256().equals(content.modelSha256())
        || !subject.runtime().equals(content.runtime())
        || subject.maxRows() != content.maxRows()
        || curve == null
        || invariance == null
        // A file from before there were any.
        || content.chainSteps() == 0) {
      return Optional.empty();
    }
    List<CostCurve.Point> points =
        curve.stream().map(size -> new CostCurve.Point(size.rows(), size.millis())).toList();
    return Optional.of(
        new Calibration(
            new CostCurve(subject.maxRows(), points),
            BatchInvariance.of(invariance),
            content.chainSteps()));
  }

  /** Keeps it for the next start, where the disk allows. */
  void write(Subject subject, Calibration calibration) {
    Content content =
        new Content(
            VERSION,
            subject.modelSha256(),
            subject.runtime(),
            subject.maxRows(),
            calibration.invariance().label(),
            calibration.chainSteps(),
            calibration.curve().measured().stream()
                .map(point -> new Size(point.rows(), point.millis()))
                .toList());
    try {
      AtomicFile.writeString(path, GSON.toJson(content) + "\n");
    } catch (IOException e) {
      LOG.log(
          Level.INFO,
          "the next start will measure again, %s cannot be written: %s".formatted(path, e));
    }
  }
}
