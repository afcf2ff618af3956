package dev.ancestral.trainer;

import dev.ancestral.cli.Cli;
import dev.ancestral.cli.Printable;
import dev.ancestral.cli.StopSignal;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.run.TrainingRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code train}: trains a network and writes a run directory. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = "Trains a diffusion model and writes a run directory.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields in.
final class TrainCommand implements Callable<Integer> {
  /** How a source begins, and the settings made for what it holds. */
  private static final Map<String, String> PRESET_OF_SOURCE =
      Map.of(
          "builtin:digits", "digits",
          "builtin:swiss-roll", "swiss-roll",
          "csv:", "swiss-roll",
          "idx:", "fashion-mnist");

  @Option(
      names = "--data",
      paramLabel = "SRC",
      description =
          "A directory of images (PNG, JPEG, WebP, GIF, BMP, TIFF; sub-directories are classes),"
              + " FILE.zip, FILE.tar or FILE.tar.gz (read as what they unpack to; FILE.zip/train is a"
              + " part of one), FILE.parquet or a directory of such (image sets of the Hugging Face"
              + " hub), FILE.npy or FILE.npz (numpy's arrays: images, or points; labels beside them in"
              + " the .npz), idx:DIR (MNIST's files), csv:FILE (points), builtin:digits or"
              + " builtin:swiss-roll.")
  private @Nullable String source;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "RUN",
      description = "The run directory; new, unless --resume.")
  private Path run;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Settings to start from. Default: the one made for the data, if there is one.")
  private @Nullable String preset;

  @Option(
      names = "--config",
      paramLabel = "F.yaml",
      description = "Settings that override the preset's.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "One setting that overrides both, such as training.batch=32 or data.size=32x48."
              + " Repeatable; --list-settings shows all. Lists may be written as 32x48, 32,48 or,"
              + " in quotes for shells to which brackets are a pattern, '[32, 48]'.")
  private List<String> settings = List.of();

  @Option(
      names = "--list-settings",
      help = true, // So that nothing else is required.
      description =
          "Explains every setting, with type, bounds and default, lists the presets, and does"
              + " nothing else.")
  private boolean listSettings;

  @Option(
      names = "--resume",
      description =
          "Goes on with the run, by its own configuration, from its newest checkpoint; --data says"
              + " where its data are now, if they were moved, and --set changes what may change:"
              + " training.iterations=N trains a finished run on, to N in all; --list-settings"
              + " marks the others.")
  private boolean resume;

  @Option(
      names = "--init",
      paramLabel = "RUN|BUNDLE",
      description =
          "Begins with the weights of another training: a run's averaged ones after its newest checkpoint, or those of"
              + " a unet's bundle or of diffusers' directory. Every tensor of the same name and shape is taken, and of"
              + " classes those of the same name; which are not, and why, is said and stands in the run's init.yaml."
              + " Settings are the new run's own.")
  private @Nullable Path init;

  @Option(
      names = "--dry-run",
      description =
          "Prints every setting as a training would have it, with what the data decide, and does"
              + " nothing else.")
  private boolean dryRun;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (listSettings) {
      spec.commandLine().getOut().print(SettingsListing.text());
      spec.commandLine().getOut().flush();
      return Cli.DONE;
    }
    if (resume && (preset != null || config != null)) {
      throw new ParameterException(
          spec.commandLine(),
          "--resume: goes with --out, --data and --set, since the run has its configuration"
              + " (expected: no --preset or --config)");
    }
    if (init != null && (resume || dryRun)) {
      throw new ParameterException(
          spec.commandLine(),
          "--init: does not go with %s (expected: a new run)"
              .formatted(resume ? "--resume" : "--dry-run"));
    }
    if (resume && dryRun) {
      throw new ParameterException(spec.commandLine(), "--dry-run: does not go with --resume");
    }
    if (dryRun) {
      show(TrainingRun.preview(TrainingConfig.of(sources()), System.err));
      return Cli.DONE;
    }
    try {
      return train(
          resume
              ? TrainingRun.resume(run, given(), System.err)
              : TrainingRun.start(run, TrainingConfig.of(sources()), init, System.err));
    } catch (OutOfMemoryError e) {
      throw new UserError(
          "memory: the Java heap of %d MiB is full (expected: smaller data, data.size or training.batch, or a larger heap by JAVA_TOOL_OPTIONS=-Xmx8g)"
              .formatted(Runtime.getRuntime().maxMemory() >> 20),
          e);
    }
  }

  private void show(TrainingRun.Preview preview) {
    PrintWriter printer = spec.commandLine().getOut();
    printer.print(ConfigSources.toYaml(preview.config().toMap()));
    // Comments, so that the rest is a file for --config.
    printer.println("# memory: " + preview.memory().inWords());
    preview.memory().problem().ifPresent(problem -> printer.println("# refused: " + problem));
    preview.memory().warning().ifPresent(warning -> printer.println("# warning: " + warning));
    printer.flush();
  }

  private Map<String, Object> sources() throws IOException {
    Map<String, Object> merged = Map.of();
    String name = preset;
    if (name == null && source != null) {
      name = presetOf(source);
    }
    if (name != null) {
      merged = ConfigSources.preset(name);
    }
    if (config != null) {
      if (!Files.isRegularFile(config)) {
        throw new UserError("--config " + config + ": no such file (expected: YAML)");
      }
      merged = ConfigSources.merge(merged, ConfigSources.file(config));
    }
    merged = ConfigSources.merge(merged, given());
    if (!(merged.get("data") instanceof Map<?, ?> data) || !data.containsKey("source")) {
      throw new ParameterException(
          spec.commandLine(), "--data: is missing (expected: where the samples come from)");
    }
    return merged;
  }

  /** What the command line says setting by setting. */
  private Map<String, Object> given() {
    Map<String, Object> given = Map.of();
    if (source != null) {
      given = Map.of("data", Map.of("source", source));
    }
    // Together, so that the order of a network's type and its settings does not matter.
    for (String setting : settings) {
      given = ConfigSources.merge(given, ConfigSources.setting(setting));
    }
    return given;
  }

  private static @Nullable String presetOf(String source) {
    return PRESET_OF_SOURCE.entrySet().stream()
        .filter(preset -> source.startsWith(preset.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private int train(TrainingRun training) throws IOException {
    // Asked between two iterations, so that there is time to save; a second signal ends at once.
    try (StopSignal signal = StopSignal.expect()) {
      return switch (training.run(signal::isRaised)) {
        case FINISHED -> {
          System.err.println(Printable.line("trained: " + run));
          yield Cli.DONE;
        }
        case FINISHED_BEFORE -> {
          System.err.println(
              Printable.line(
                  "finished: %1$s has come to its end; `train --resume --out %1$s --set %2$s=N` trains it on, to N in all"
                      .formatted(run, training.endedBy())));
          yield Cli.DONE;
        }
        case STOPPED -> {
          System.err.println(
              Printable.line("stopped and saved; `train --resume --out " + run + "` goes on"));
          yield signal.exitCode();
        }
      };
    }
  }
}
