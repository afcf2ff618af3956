package dev.ancestral.exporter.fit;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleException;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.signature.Signature;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.exporter.onnx.OnnxSummary;
import dev.ancestral.exporter.proof.NetworkInputs;
import dev.ancestral.exporter.proof.OrtModel;
import dev.ancestral.files.Sha256;
import dev.ancestral.trainer.quality.Features;
import dev.ancestral.trainer.quality.FrechetBootstrap;
import dev.ancestral.trainer.quality.LabelledSamples;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The fit of a bundle's own sampler, from the bundle's files and back into them.
 *
 * <pre>{@code
 * try (BundleFit fit = BundleFit.open(bundle, FitOptions.DEFAULTS, data, err)) {
 *   if (fit.seconds() < 120) {
 *     System.out.println(fit.run(120).text());
 *   }
 * }
 * }</pre>
 *
 * The same bundle, options and data give the same tables, byte for byte. For one thread; whoever
 * opens it closes it.
 */
public final class BundleFit implements AutoCloseable {
  /** Of Java's heap: the rest is for what is computed with the states. */
  private static final double MOST_OF_THE_HEAP = 0.7;

  private final Path directory;
  private final Bundle bundle;
  private final FitOptions options;
  private final @Nullable LabelledSamples data;
  private final OrtModel model;
  private final FitProgress progress;
  private final Network network;
  private final int teacherSteps;
  private final List<Integer> calls;
  private final List<Double> weights;
  private final Work work;
  private final double secondsOfARow;
  private final double secondsToCompare;

  /** What the tables belong to: an export may replace the bundle during the fit. */
  private final String network256;

  private BundleFit(
      Path directory,
      Bundle bundle,
      FitOptions options,
      @Nullable LabelledSamples data,
      OrtModel model,
      String network256,
      FitProgress progress) {
    this.directory = directory;
    this.bundle = bundle;
    this.options = options;
    this.data = data;
    this.model = model;
    this.network256 = network256;
    this.progress = progress;
    this.network =
        new ModelNetwork(model, new NetworkInputs(bundle.data(), bundle.conditioning()), progress);
    this.teacherSteps = options.teacherSteps(bundle.scheduler().schedule().timesteps());
    this.calls = options.calls(teacherSteps);
    this.weights = options.weights(bundle);
    this.work = work(bundle, options, data);
    this.secondsOfARow = time();
    this.secondsToCompare = timeComparison();
  }

  private static Work work(Bundle bundle, FitOptions options, @Nullable LabelledSamples data) {
    int teacher = options.teacherSteps(bundle.scheduler().schedule().timesteps());
    return Work.of(
        options,
        options.calls(teacher),
        options.weights(bundle),
        teacher,
        bundle.data().elements(),
        data == null ? 0 : data.size());
  }

  /**
   * Opens a bundle and times a call of its network.
   *
   * @param directory one that {@code export} wrote
   * @param data of the run that it comes from, to compare samples with; null if they are not at
   *     hand
   * @param err for the progress
   * @throws UserError if it is no bundle of ours, an option does not fit it, or the states do not
   *     fit into memory
   * @throws BundleException if it is damaged
   */
  public static BundleFit open(
      Path directory, FitOptions options, @Nullable LabelledSamples data, PrintWriter err)
      throws IOException {
    requireBundle(directory);
    Bundle bundle = BundleFormat.read(directory);
    Path file = directory.resolve(BundleFormat.MODEL);
    OnnxSummary summary = OnnxSummary.of(file);
    BundleFormat.requireAgreement(bundle, summary.metadata());
    Signature.of(BundleFormat.MODEL, summary.inputs(), summary.outputs(), bundle)
        .requirePlain(BundleFormat.MODEL);
    long bytes = work(bundle, options, data).bytes();
    long most = (long) (MOST_OF_THE_HEAP * Runtime.getRuntime().maxMemory());
    if (bytes > most) {
      throw new UserError(
          "memory: about %s for the states of %d chains, %d samples and what they are compared with, of shape %s (expected: at most %s; fewer --chains or --samples, or a larger heap, such as ANCESTRAL_JAVA_ARGS=-Xmx16g)"
              .formatted(
                  Work.gibibytes(bytes),
                  2 * options.chains(),
                  options.mostSamples(),
                  bundle.data().shape(),
                  Work.gibibytes(most)));
    }
    String network256 = Sha256.of(file);
    OrtModel model = new OrtModel(file);
    try {
      return new BundleFit(
          directory, bundle, options, data, model, network256, new FitProgress(err));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * Checks that tables can be added to a directory.
   *
   * @throws UserError if it is no bundle of ours
   */
  public static void requireBundle(Path directory) {
    if (!BundleFormat.isBundle(directory)) {
      throw new UserError(
          "--bundle %s: is no bundle (expected: a directory that `ancestral export` wrote)"
              .formatted(directory));
    }
    if (BundleFormat.isForeign(directory)) {
      throw new UserError(
          "--bundle %s: has no bundle.json, which lists the tables (expected: a bundle that `ancestral export` wrote, not another's directory)"
              .formatted(directory));
    }
  }

  /** One call that is not counted, then one that is. */
  private double time() {
    int rows = ModelNetwork.ROWS;
    float[][] x =
        Draws.of(
                Draws.Use.FIT,
                0,
                rows,
                bundle.data().elements(),
                bundle.conditioning(),
                false,
                options.seed())
            .noise();
    int last = bundle.scheduler().schedule().timesteps() - 1;
    network.predict(x, last, new long[rows], 1);
    long start = System.nanoTime();
    network.predict(x, last, new long[rows], 1);
    return (System.nanoTime() - start) / 1e9 / rows;
  }

  /** Of features and bootstraps, which ask nothing of the network. */
  private double timeComparison() {
    if (options.samples() == 0) {
      return 0;
    }
    Conditioning classes = bundle.conditioning();
    int reference = data == null ? options.samples() : data.size();
    double features =
        Features.secondsToFit(bundle.data(), classes == null ? 0 : classes.numClasses(), reference);
    double sampler =
        FrechetBootstrap.secondsOfASampler(
            options.samples(), Features.sizeToTell(bundle.data()), options.seed());
    // Of each weight, the reference and the teacher have draws, too.
    return features + weights.size() * (calls.size() + 2) * sampler;
  }

  /** How long it will take, about; with a search, at most; but for {@link #moreSeconds}. */
  public double seconds() {
    return work.rows() * secondsOfARow + secondsToCompare;
  }

  /** How much longer it may take at most, where the samples leave open what is proven. */
  private double moreSeconds() {
    int doublings = 2;
    return work.moreRows() * secondsOfARow + 2 * doublings * secondsToCompare;
  }

  /**
   * The estimate and what it comes from, in words.
   *
   * @param most samples, as for {@link #run}
   */
  public String estimate(int most) {
    String sum =
        "%d rows of %.2f ms each, and %s to compare: %sabout %s"
            .formatted(
                work.rows(),
                1e3 * secondsOfARow,
                duration(secondsToCompare),
                options.search() ? "at most " : "",
                duration(seconds()));
    return most <= options.samples()
        ? sum
        : "%s; up to %s more where %d samples leave open what is as good as the teacher"
            .formatted(sum, duration(moreSeconds()), options.samples());
  }

  private static String duration(double seconds) {
    return seconds < 120
        ? "%d s".formatted((long) Math.ceil(seconds))
        : "%d minutes".formatted((long) Math.ceil(seconds / 60));
  }

  /**
   * Fits, measures and compares; writes nothing.
   *
   * @param most samples of each chain, where fewer leave open what is as good as the teacher
   * @throws IllegalArgumentException if the network answers what is not finite
   */
  public FitResult run(int most) {
    progress.begin(work.rows());
    Fitting fitting = new Fitting(bundle, network, weights, options, progress);
    if (options.samples() == 0) {
      return result(fitting.run(calls), List::copyOf);
    }
    try (Comparing comparing = new Comparing(bundle, fitting, data, options, progress)) {
      List<Candidate> candidates = fitting.run(calls, Optional.of(comparing::distance));
      return result(candidates, won -> comparing.run(won, most));
    }
  }

  private FitResult result(List<Candidate> candidates, UnaryOperator<List<Candidate>> compared) {
    List<Candidate> won = candidates.stream().filter(Candidate::won).toList();
    if (won.isEmpty()) {
      return new FitResult(null, candidates);
    }
    won = compared.apply(won);
    List<Candidate> lost = candidates.stream().filter(candidate -> !candidate.won()).toList();
    return new FitResult(
        new FittedTables(
            Fitting.TEACHER + ":" + teacherSteps,
            bundle.clipping(),
            won.stream().map(Candidate::table).toList(),
            provenance(won)),
        Stream.concat(won.stream(), lost.stream())
            .sorted(Comparator.comparingInt(Candidate::calls))
            .toList());
  }

  /** In words, the same each time. */
  private Map<String, String> provenance(List<Candidate> written) {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("chains", Integer.toString(options.chains()));
    words.put("seed", Long.toString(options.seed()));
    for (Candidate candidate : written) {
      words.put("timesteps of " + candidate.calls() + " calls", candidate.grid());
    }
    return words;
  }

  /**
   * Puts what was fitted into the bundle, in place of what was there; the network stays as it is.
   *
   * @throws UserError if the bundle was exported anew meanwhile
   * @throws IOException if the disk fails; the bundle is then as it was
   */
  public void write(FitResult result) throws IOException {
    if (result.tables() != null) {
      if (!Sha256.of(directory.resolve(BundleFormat.MODEL)).equals(network256)) {
        throw new UserError(
            "--bundle %s: was exported anew meanwhile (expected: the network that was fitted)"
                .formatted(directory));
      }
      BundleFormat.addFitted(directory, result.tables());
    }
  }

  @Override
  public void close() {
    progress.close();
    model.close();
  }
}
