package dev.ancestral.trainer.evaluate;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.SelectionOptions;
import dev.ancestral.trainer.calls.CallsOptions;
import dev.ancestral.trainer.calls.CallsStudy;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.run.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code evaluate}: the likelihood of data, or how good samples are, by what they cost. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description =
        "Without --samples: the bound on the likelihood of real data by the run's averaged weights, in bits per"
            + " dimension with its terms (prior, divergences, decoder), and a plot of the terms over the timesteps."
            + " With --calls: draws samples by every sampler with few calls, and measures them beside those of a teacher"
            + " with many and beside real data: a table, a plot and a sheet of pictures. Images: Fréchet distance in"
            + " features of a classifier, its bootstrap, precision, recall, labels, sharpness. Points: energy distance."
            + " With --samples: measures samples against the data a run was trained on. Images: the confidence of a classifier trained on"
            + " the real ones, and the distance to the nearest training image, each beside that of held-out real"
            + " images. Points: the energy distance, beside that of real points and of noise.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields in.
public final class EvaluateCommand implements Callable<Integer> {
  private static final int IMAGES = 64;
  private static final int POINTS = 1000;

  @Option(
      names = "--run",
      required = true,
      paramLabel = "RUN",
      description = "The run directory; its configuration says how its data are read.")
  private Path run;

  @Option(
      names = "--data",
      paramLabel = "SRC",
      description = "The data, as for train. Default: those the run was trained on.")
  private @Nullable String source;

  @Option(
      names = "--samples",
      paramLabel = "DIR",
      description =
          "A folder that `sample` wrote. Repeatable: images are judged together, points one folder after the other"
              + " and as a mean.")
  private List<Path> samples = List.of();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "How many real samples the likelihood is a mean of, each at every timestep. Default: 64 images, 1000 points.")
  private @Nullable Integer limit;

  @Option(
      names = "--plot",
      paramLabel = "FILE.png",
      description =
          "The plot of the likelihood's terms, or of quality against calls, whose table goes beside it. Default:"
              + " likelihood.png or calls.png in the run directory.")
  private @Nullable Path plot;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Seed of splits, draws, noise and the classifier. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private SelectionOptions weights;

  @Mixin private CallsOptions calls;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    checkOptions();
    Dataset data = RunDirectory.open(run).openToMeasure(source, System.err);
    DataSpec kind = data.description().spec();
    String table =
        calls.isAsked()
            ? new CallsStudy(
                    run, weights.selection(), calls.bundle(), data, calls.task(seed), System.err)
                .writeAndTell(plot("calls.png"), calls.sheet())
            : samples.isEmpty()
                ? new LikelihoodReport(run, weights.selection(), data, limit(kind), seed)
                    .writeAndTell(plot("likelihood.png"))
                : kind.isImage() ? judgeImages(data, kind) : judgePoints(data, kind);
    PrintWriter out = spec.commandLine().getOut();
    out.print(table);
    out.flush();
    return 0;
  }

  private void checkOptions() {
    if (calls.isAsked() && (!samples.isEmpty() || limit != null)) {
      throw new ParameterException(
          spec.commandLine(), "--calls: does not go with --samples or --limit");
    }
    if (!calls.isAsked() && calls.given().isPresent()) {
      throw new ParameterException(
          spec.commandLine(), calls.given().get() + ": says nothing without --calls");
    }
    if (!samples.isEmpty() && (limit != null || plot != null)) {
      throw new ParameterException(
          spec.commandLine(), "--samples: does not go with --limit or --plot, the likelihood's");
    }
    if (!samples.isEmpty() && weights.areGiven()) {
      throw new ParameterException(
          spec.commandLine(),
          "--samples: does not go with --ema or --checkpoint, since the samples are judged, not the run's weights");
    }
    if (limit != null && limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit: %d (expected: at least 1)".formatted(limit));
    }
  }

  private int limit(DataSpec kind) {
    return limit == null ? kind.isPlanar() ? IMAGES : POINTS : limit;
  }

  private Path plot(String name) {
    return plot == null ? run.resolve(name) : plot;
  }

  private String judgeImages(Dataset data, DataSpec kind) throws IOException {
    List<Images> folders = new ArrayList<>();
    for (Path folder : samples) {
      folders.add(SampleFolder.read(folder, kind));
    }
    return SampleQuality.measure(data, Images.concat(folders), seed).table();
  }

  private String judgePoints(Dataset data, DataSpec kind) {
    List<PointQuality.Sampling> samplings =
        samples.stream().map(folder -> PointFolder.read(folder, kind)).toList();
    return PointQuality.measure(data, samplings, seed).table();
  }
}
