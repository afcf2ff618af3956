package dev.ancestral.exporter;

import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.cli.UserError;
import dev.ancestral.exporter.fit.BundleFit;
import dev.ancestral.exporter.fit.FitOptions;
import dev.ancestral.exporter.fit.FitResult;
import dev.ancestral.exporter.fit.RunReference;
import dev.ancestral.trainer.quality.LabelledSamples;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fit}: a sampler of a bundle's own, of few calls. */
@Command(
    name = "fit",
    mixinStandardHelpOptions = true,
    description = {
      "Fits a sampler to a bundle's network and writes it into the bundle: chains of few calls whose factors are"
          + " solved by least squares against a teacher's chains of many calls from the same x_T, step after step and then,"
          + " up to ten calls, all together."
          + " `sample --sampler fitted` draws with it. The network's file stays as it is.",
      "",
      "Each chain is measured on seeds that it was not fitted to, by its distance to the teacher's end, beside ddim"
          + " and dpmpp-2m with as many calls; one that is not nearer than both is not written. The fewest calls whose"
          + " samples are as good as the teacher's become what requests get that name no sampler: the upper 95 %%"
          + " bound of the ratio of both Frechet distances is at most 1.05, the energy of the pictures' high"
          + " frequencies within 5 %% and the share of labels that are found within 2 points of the teacher's, for at"
          + " least 500 samples.",
      "",
      "Before it starts, it times one call and says how long it will take. The same bundle and options give the same"
          + " bytes."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call().
final class FitCommand implements Callable<Integer> {
  private static final Pattern TEACHER = Pattern.compile("ddim:(\\d{1,9})");

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "BUNDLE",
      description = "The bundle, as export wrote it. Tables that it has are replaced.")
  private Path bundle;

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description =
          "The run that it was exported from: samples are then compared with the data of the run,"
              + " which have to be where they were. Default: with other samples of the teacher.")
  private @Nullable Path run;

  @Option(
      names = "--calls",
      split = ",",
      paramLabel = "N",
      description =
          "Lengths of the chains, with commas between them. Default: 2,3,4,5,6,8,10, as far as the"
              + " teacher takes more.")
  private @Nullable List<Integer> calls;

  @Option(
      names = "--teacher",
      paramLabel = "ddim:STEPS",
      description =
          "The teacher: ddim without noise and with trailing spacing. Default: ddim:100, or as many"
              + " steps as the schedule has.")
  private @Nullable String teacher;

  @Option(
      names = "--guidance",
      split = ",",
      paramLabel = "W",
      description =
          "Weights of classifier-free guidance to fit at, with commas between them; 1, none, is always"
              + " among them. Between two of them, factors are interpolated, where half way they are nearer to the"
              + " teacher than ddim and dpmpp-2m. Each but 1 costs twice"
              + " what 1 costs. Default: 1 and what the bundle recommends.")
  private @Nullable List<Double> guidance;

  @Option(
      names = "--chains",
      paramLabel = "N",
      defaultValue = "" + FitOptions.CHAINS,
      description = "Chains to fit on, and as many to measure on. Default: ${DEFAULT-VALUE}.")
  private int chains;

  @Option(
      names = "--search",
      description =
          "Also look for better timesteps, by coordinate descent on the fit's own residual. Default:"
              + " the best of trailing spacing, two that are crowded at both ends, and Karras' levels.")
  private boolean search;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "" + FitOptions.SAMPLES,
      description =
          "Samples of each chain in the comparison with the teacher, up to four times as many where at least 500 leave"
              + " open whether fewer calls are as good; 0 leaves it out, and then nothing becomes the default. Default:"
              + " ${DEFAULT-VALUE}.")
  private int samples;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description =
          "Seed of x_T, of the classifier and of the bootstrap. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    FitOptions options =
        new FitOptions(calls, teacherSteps(), guidance, chains, search, samples, seed);
    PrintWriter err = spec.commandLine().getErr();
    try (BundleFit fit = BundleFit.open(bundle, options, data(), err)) {
      err.println("fit: " + fit.estimate(options.mostSamples()));
      err.flush();
      FitResult result = fit.run(options.mostSamples());
      fit.write(result);
      PrintWriter out = spec.commandLine().getOut();
      out.println(result.text());
      out.flush();
    }
    return 0;
  }

  private @Nullable Integer teacherSteps() {
    if (teacher == null) {
      return null;
    }
    Matcher parts = TEACHER.matcher(teacher);
    if (!parts.matches()) {
      throw new UserError(
          "--teacher: %s (expected: ddim:STEPS, such as ddim:100)".formatted(teacher));
    }
    return Integer.valueOf(parts.group(1));
  }

  private @Nullable LabelledSamples data() throws IOException {
    if (run == null || samples == 0) {
      return null;
    }
    BundleFit.requireBundle(bundle);
    return RunReference.open(run, BundleFormat.read(bundle), seed, System.err);
  }
}
