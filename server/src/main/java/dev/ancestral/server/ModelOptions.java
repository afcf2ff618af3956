package dev.ancestral.server;

import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.ThreadPool;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command takes that runs models, but for the device, whose choices differ. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields in.
final class ModelOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--models",
      required = true,
      paramLabel = "DIR",
      description = "Directory of bundles and .onnx files that export wrote, or one bundle.")
  private Path models;

  @Option(
      names = "--max-batch",
      defaultValue = "" + EngineLimits.DEFAULT_MAX_ROWS,
      paramLabel = "N",
      description = "Most rows of one call of a network (default: ${DEFAULT-VALUE}).")
  private int maxBatch;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of ONNX Runtime, shared by all models (default: one a processor).")
  private @Nullable Integer threads;

  @Option(
      names = "--no-spinning",
      description = {
        "Let those threads sleep while they wait for work. For a machine that others use too, where",
        "spinning makes calls up to three times as long; alone, spinning makes them shorter."
      })
  private boolean noSpinning;

  /**
   * The options, read.
   *
   * @param models a directory of bundles, or a bundle
   * @param maxBatch the most rows of one call of a network; what its bounds are, the command knows
   * @param pool threads of ONNX Runtime
   */
  record Resolved(Path models, int maxBatch, ThreadPool pool) {}

  /**
   * What the flags say.
   *
   * @throws IllegalArgumentException naming the one that is out of its bounds
   */
  Resolved resolve() {
    int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    return new Resolved(models, maxBatch, new ThreadPool(count, !noSpinning));
  }

  /** What the supplier makes of the flags; a value that it refuses is wrong usage. */
  <T> T checked(Supplier<T> settings) {
    try {
      return settings.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
