package dev.ancestral.server;

import dev.ancestral.cli.Cli;
import dev.ancestral.cli.Printable;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  @Mixin private ModelOptions options;

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

  @Override
  public Integer call() throws IOException {
    DeviceChoice choice = options.checked(this::choice);
    ModelOptions.Resolved shared = options.checked(this::shared);
    Device chosen = Device.select(choice, CudaProbe.ofThisMachine());
    List<ModelLocation> locations = ModelLocation.below(shared.models());
    if (locations.isEmpty()) {
      throw new UserError(
          "models: no bundle below %s (expected: directories that export wrote)"
              .formatted(shared.models()));
    }
    CheckReport report = new DeviceCheck(chosen, shared.pool(), shared.maxBatch()).run(locations);
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
        .println(
            Printable.line(
                "%s: all %d comparisons are within their tolerance; see %s"
                    .formatted(chosen.label(), report.comparisons(), out.resolve("report.md"))));
    return Cli.DONE;
  }

  private DeviceChoice choice() {
    DeviceChoice choice = DeviceChoice.parse(device);
    if (choice.equals(DeviceChoice.AUTO)) {
      throw new IllegalArgumentException(
          "device: auto (expected: cuda, cuda:N, tensorrt, tensorrt:N or cpu)");
    }
    return choice;
  }

  private ModelOptions.Resolved shared() {
    ModelOptions.Resolved shared = options.resolve();
    if (shared.maxBatch() < DeviceCheck.LEAST_ROWS || shared.maxBatch() > EngineLimits.MOST_ROWS) {
      throw new IllegalArgumentException(
          "max-batch: %d (expected: %d..%d)"
              .formatted(shared.maxBatch(), DeviceCheck.LEAST_ROWS, EngineLimits.MOST_ROWS));
    }
    return shared;
  }
}
