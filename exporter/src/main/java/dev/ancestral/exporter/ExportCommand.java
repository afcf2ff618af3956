package dev.ancestral.exporter;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.cli.Printable;
import dev.ancestral.cli.UserError;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.trainer.SelectionOptions;
import dev.ancestral.trainer.WeightsKind;
import dev.ancestral.trainer.run.Selection;
import dev.ancestral.trainer.run.TrainedNetwork;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code export}: from a run to a bundle. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Writes a run's network as an ONNX bundle, after proving that both predict the same."
            + " Nothing is written if they do not.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call().
final class ExportCommand implements Callable<Integer> {
  @Option(
      names = "--run",
      required = true,
      paramLabel = "RUN",
      description = "The run's directory, as train wrote it.")
  private Path run;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "BUNDLE",
      description = "The bundle's directory. An old bundle there is replaced, once all is proven.")
  private Path out;

  @Option(
      names = "--weights",
      paramLabel = "ema|raw",
      defaultValue = "ema",
      description = "A moving average of the weights, or the weights themselves (default: ema).")
  private WeightsKind weights;

  @Mixin private SelectionOptions selection;

  @Option(
      names = "--precision",
      paramLabel = "fp32|fp16",
      defaultValue = "fp32",
      description = {
        "Of weights and arithmetic (default: fp32). fp16 is half the size, for devices that compute in",
        "half precision; inputs, outputs, normalisations, softmax, reductions and the timestep's",
        "embedding stay fp32. On a CPU it gains nothing but the size."
      })
  private Precision precision;

  @Option(
      names = "--opset",
      paramLabel = "N",
      defaultValue = "" + Opset.OLDEST,
      description =
          "Version of ONNX's operator set, "
              + Opset.OLDEST
              + ".."
              + Opset.NEWEST
              + " (default: ${DEFAULT-VALUE}).")
  private int opset;

  @Option(
      names = "--no-fit",
      description = "Leaves out the bundle's own sampler; `fit` adds it at any time.")
  private boolean noFit;

  @Option(
      names = "--fit-limit",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description =
          "The bundle's own sampler is fitted at once, as `fit` does it, where an estimate from one timed call is"
              + " below this; else the command is printed that does it (default: ${DEFAULT-VALUE}).")
  private int fitLimit;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    ExportFormat format = new ExportFormat(opset(), precision);
    if (fitLimit < 0) {
      throw new ParameterException(
          spec.commandLine(), "--fit-limit: %d (expected: at least 0)".formatted(fitLimit));
    }
    checkReplaceable(out);
    PrintWriter err = spec.commandLine().getErr();
    try (TrainedNetwork network =
        TrainedNetwork.load(
            run, selection(), notice -> err.println("warning: " + Printable.line(notice)))) {
      BundleExport.Report report =
          BundleExport.write(
              out,
              network.facts(),
              network.block(),
              network.manager(),
              network.networkConfig(),
              format);
      PrintWriter standard = spec.commandLine().getOut();
      standard.println(describe(report, network.facts(), format));
      standard.flush();
    }
    if (!noFit) {
      new ExportedFit(run, out, fitLimit, spec.commandLine()).run();
    }
    return 0;
  }

  private Selection selection() {
    if (weights == WeightsKind.EMA) {
      return selection.selection();
    }
    if (selection.namesAnAverage()) {
      throw new ParameterException(
          spec.commandLine(), "--ema: does not go with --weights raw, which is no average");
    }
    return selection.selection().with(new Selection.Raw());
  }

  private Opset opset() {
    try {
      return new Opset(opset);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  /** What is replaced is a bundle, not somebody's other files. */
  private static void checkReplaceable(Path target) throws IOException {
    if (!Files.exists(target) || BundleFormat.isBundle(target)) {
      return;
    }
    if (Files.isDirectory(target)) {
      try (Stream<Path> files = Files.list(target)) {
        if (files.findAny().isEmpty()) {
          return;
        }
      }
    }
    throw new UserError(
        "--out %s: exists and is no bundle (expected: a bundle to replace, or a new name)"
            .formatted(target));
  }

  private Text describe(BundleExport.Report report, Bundle facts, ExportFormat format) {
    Text text =
        new Text()
            .line("bundle", "%s", out)
            .line(
                "run",
                "%s, %s weights after %s iterations",
                run,
                facts.provenance().getOrDefault("weights", "?"),
                facts.provenance().getOrDefault("iterations", "?"))
            .line(
                "network",
                "%d nodes, ONNX opset %d, %s, %s",
                report.nodes(),
                format.opset().version(),
                format.precision().label(),
                Text.bytes(report.bytes()));
    Inspection.proof(text, report.figures());
    return text;
  }
}
