package dev.ancestral.trainer.evaluate;

import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evaluate}: how good samples are, beside real images. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description =
        "Measures samples against the images a run was trained on: the confidence of a classifier trained on the"
            + " real images, and the distance to the nearest training image. Each figure stands beside that of"
            + " held-out real images.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields in.
public final class EvaluateCommand implements Callable<Integer> {
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
      required = true,
      paramLabel = "DIR",
      description = "A folder that `sample` wrote.")
  private Path samples;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Seed of the split and of the classifier. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Path file = run.resolve("config.yaml");
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          run + ": holds no config.yaml (expected: a directory that `train` wrote)");
    }
    TrainingConfig config = TrainingConfig.of(ConfigSources.file(file));
    Dataset data =
        Datasets.open(source == null ? config.data().source() : source, config.data().options());
    if (!data.description().spec().isImage()) {
      throw new UserError("%s: points (expected: images)".formatted(data.description().source()));
    }
    SampleQuality quality =
        SampleQuality.measure(data, SampleFolder.read(samples, data.description().spec()), seed);
    PrintWriter out = spec.commandLine().getOut();
    out.print(quality.table());
    out.flush();
    return 0;
  }
}
