package dev.ancestral.server;

import dev.ancestral.cli.Cli;
import dev.ancestral.cli.UserError;
import dev.ancestral.server.check.CheckFiles;
import dev.ancestral.server.check.CheckReport;
import dev.ancestral.server.check.DeviceCheck;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.CudaProbe;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.DeviceChoice;
import dev.ancestral.server.repository.ModelLocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gpu-check}: whether a GPU gives what the CPU gives, and how fast. */
@Command(
    name = "gpu-check",
    description = {
      "Compares the first NVIDIA device with the CPU: predictions and chains, single steps and several",
      "in a call; measures both; writes report.md and report.json. Fails where a difference is above",
      "its tolerance, or where there is no device."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call().
final class GpuCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--models",
      required = true,
      paramLabel = "DIR",
      description = "Directory of bundles and .onnx files that export wrote, or one bundle.")
  private Path models;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "For the report.")
  private Path out;

  @Option(
      names = "--device",
      defaultValue = "cuda",
      paramLabel = "cuda[:N]|tensorrt[:N]|cpu",
      description = {
        "What to compare with the CPU (default: ${DEFAULT-VALUE}); cpu is compared with itself, which",
        "shows what the check does."
      })
  private String device;

  @Option(
      names = "--max-batch",
      defaultValue = "" + EngineLimits.DEFAULT_MAX_ROWS,
      paramLabel = "N",
      description = "Most rows of one call of a network (default: ${DEFAULT-VALUE}).")
  private int maxBatch;

  @Override
  public Integer call() throws IOException {
    Device chosen = Device.select(choice(), CudaProbe.ofThisMachine());
    List<ModelLocation> locations = ModelLocation.below(models);
    if (locations.isEmpty()) {
      throw new UserError(
          "models: no bundle below %s (expected: directories that export wrote)".formatted(models));
    }
    int threads = Runtime.getRuntime().availableProcessors();
    CheckReport report = new DeviceCheck(chosen, threads, maxBatch).run(locations);
    CheckFiles.write(out, report);
    if (report.failures() > 0) {
      throw new UserError(
          "%d of %d comparisons on %s are above their tolerance; see %s"
              .formatted(
                  report.failures(),
                  report.comparisons(),
                  chosen.label(),
                  out.resolve("report.md")));
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s: all %d comparisons are within their tolerance; see %s%n",
            chosen.label(), report.comparisons(), out.resolve("report.md"));
    return Cli.DONE;
  }

  /** What the flags say; a value out of its bounds is wrong usage. */
  private DeviceChoice choice() {
    try {
      DeviceChoice choice = DeviceChoice.parse(device);
      if (choice.equals(DeviceChoice.AUTO)) {
        throw new IllegalArgumentException(
            "device: auto (expected: cuda, cuda:N, tensorrt, tensorrt:N or cpu)");
      }
      if (maxBatch < DeviceCheck.LEAST_ROWS || maxBatch > EngineLimits.MOST_ROWS) {
        throw new IllegalArgumentException(
            "max-batch: %d (expected: %d..%d)"
                .formatted(maxBatch, DeviceCheck.LEAST_ROWS, EngineLimits.MOST_ROWS));
      }
      return choice;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
