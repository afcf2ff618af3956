package dev.ancestral.bench;

import dev.ancestral.bench.baseline.BenchDevice;
import dev.ancestral.bench.load.Requests;
import dev.ancestral.bench.process.Launcher;
import dev.ancestral.bench.process.RandomBundle;
import dev.ancestral.bench.process.RandomNetwork;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Markdown;
import dev.ancestral.bench.report.Report;
import dev.ancestral.bench.report.ReportFiles;
import dev.ancestral.bench.scenario.Lab;
import dev.ancestral.bench.scenario.Pace;
import dev.ancestral.bench.scenario.Results;
import dev.ancestral.bench.scenario.Scenario;
import dev.ancestral.bench.scenario.Scenarios;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.cli.Cli;
import dev.ancestral.cli.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bench}: measures, and writes what it found. */
@Command(
    name = "bench",
    description = {
      "Measures the server, over the wire, against what a person could use instead.",
      "Ratios are what counts: what is compared is measured in turns, in one run.",
      "Prints a table; writes report.md, report.json and plots. The servers are its own."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call().
final class BenchCommand implements Callable<Integer> {
  /** From a name to its scenario. */
  static final class ScenarioConverter implements ITypeConverter<Scenario> {
    @Override
    public Scenario convert(String name) {
      try {
        return Scenarios.of(name);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** From a label to its network. */
  static final class NetworkConverter implements ITypeConverter<RandomNetwork> {
    @Override
    public RandomNetwork convert(String label) {
      try {
        return RandomNetwork.of(label);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** The scenarios' names, for picocli. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Scenarios.all().stream().map(Scenario::name).iterator();
    }
  }

  private static final double FEWEST_MINUTES = 0.1;
  private static final double MOST_MINUTES = 120;

  @Spec private CommandSpec spec;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      converter = ScenarioConverter.class,
      completionCandidates = Names.class,
      description = "What to measure; repeatable. One of: ${COMPLETION-CANDIDATES}. Default: all.")
  private List<Scenario> scenarios = Scenarios.all();

  @Option(
      names = "--network",
      paramLabel = "NAME",
      converter = NetworkConverter.class,
      description = {
        "The network to serve: a U-Net for RGB with random weights, made on the first use",
        "and kept in --out. unet-32 (32×32, 1.6 million parameters; the default) or, for",
        "more requests in the same time, unet-16 (16×16) or unet-8 (8×8)."
      })
  private @Nullable RandomNetwork network;

  @Option(
      names = "--bundle",
      paramLabel = "DIR",
      description = "The bundle to serve instead of one of these.")
  private @Nullable Path bundle;

  @Option(
      names = "--quick",
      description = {
        "A quarter of an hour in all instead of an hour and a half: few rounds, wide",
        "intervals, and too few requests for a 99th percentile."
      })
  private boolean quick;

  @Option(
      names = "--mixed-minutes",
      paramLabel = "N",
      description = {
        "How long requests of a mixed load arrive at each server, in minutes, fractions",
        "allowed. Default: 8, with --quick 0.67. Each of the two mixed loads takes twice",
        "that and four to seven minutes."
      })
  private @Nullable Double mixedMinutes;

  @Option(
      names = "--python",
      paramLabel = "COMMAND",
      defaultValue = "python3",
      description = {
        "Python with PyTorch, for the baselines in it (default: ${DEFAULT-VALUE}); where",
        "there is none, their rows say so."
      })
  private String python;

  @Option(
      names = "--device",
      paramLabel = "cpu|cuda[:N]",
      defaultValue = "cpu",
      description = {
        "Where the networks run, the server's and the baselines' alike (default: ${DEFAULT-VALUE})."
      })
  private String device;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where the report, the logs and the networks with random weights go.")
  private Path out;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (bundle != null && network != null) {
      throw new ParameterException(
          spec.commandLine(), "--bundle and --network: both given (expected: one of them)");
    }
    Pace pace = pace();
    if (bundle != null) {
      check(bundle);
    }
    BenchDevice on = device();
    Launcher launcher = Launcher.ofThisProcess();
    Files.createDirectories(out);
    Path served = bundle == null ? randomBundle(launcher) : bundle;
    Results results = new Results();
    boolean failed = false;
    Map<String, String> conditions = conditions(served, pace, on);
    try (Lab lab = new Lab(launcher, served, out, pace, python, on)) {
      for (Scenario scenario : scenarios) {
        say("%s: %s ...", scenario.name(), scenario.description());
        failed |= !run(scenario, lab, results);
        conditions.put("load average after", load());
        // After each, so that an interrupted run leaves what it found.
        ReportFiles.write(out, report(conditions, results));
      }
    }
    PrintWriter standard = spec.commandLine().getOut();
    standard.print(Markdown.table(report(conditions, results)));
    standard.println("Look at " + out.resolve("report.md"));
    standard.flush();
    return failed ? Cli.FAILED : Cli.DONE;
  }

  private Pace pace() {
    Pace pace = quick ? Pace.QUICK : Pace.FULL;
    if (mixedMinutes == null) {
      return pace;
    }
    if (!(mixedMinutes >= FEWEST_MINUTES && mixedMinutes <= MOST_MINUTES)) {
      throw new ParameterException(
          spec.commandLine(),
          "--mixed-minutes: %s (expected: %s..%s)"
              .formatted(mixedMinutes, FEWEST_MINUTES, MOST_MINUTES));
    }
    return pace.withMixed(Duration.ofMillis(Math.round(mixedMinutes * 60_000)));
  }

  private BenchDevice device() {
    try {
      return BenchDevice.parse(device);
    } catch (IllegalArgumentException e) {
      throw new UserError("--" + e.getMessage(), e);
    }
  }

  private static Report report(Map<String, String> conditions, Results results) {
    return new Report(conditions, results.findings(), results.plots());
  }

  private static void check(Path bundle) throws IOException {
    if (!BundleFormat.isBundle(bundle)) {
      throw new UserError(
          "--bundle %s: is no bundle (expected: a directory that export wrote)".formatted(bundle));
    }
    int timesteps = BundleFormat.read(bundle).scheduler().schedule().timesteps();
    if (timesteps < Requests.MOST_STEPS) {
      throw new UserError(
          "--bundle %s: has %d timesteps (expected: at least %d, the steps of the longest request)"
              .formatted(bundle, timesteps, Requests.MOST_STEPS));
    }
  }

  /** Whether it could be measured; if not, the report says so and has what the others found. */
  private boolean run(Scenario scenario, Lab lab, Results results) throws InterruptedException {
    try {
      scenario.run(lab, results);
      return true;
    } catch (IOException | RuntimeException e) {
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      say("error: %s: %s", scenario.name(), why);
      results.fail(scenario.name(), why);
      return false;
    }
  }

  private Path randomBundle(Launcher launcher) throws IOException, InterruptedException {
    RandomNetwork made = network == null ? RandomNetwork.UNET_32 : network;
    say("%s: made, unless it is there ...", made.label());
    return RandomBundle.below(out, launcher, made);
  }

  private static Map<String, String> conditions(Path served, Pace pace, BenchDevice on) {
    Map<String, String> conditions = new LinkedHashMap<>();
    conditions.put("bundle", String.valueOf(served.getFileName()));
    conditions.put("device", on.label());
    conditions.put("pace", pace.name());
    conditions.put("mixed loads", pace.mixed().toString());
    conditions.put("seed", String.valueOf(Lab.SEED));
    conditions.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    conditions.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    conditions.put("Java", Runtime.version().toString());
    conditions.put(
        "variants",
        Variant.ALL.stream()
            .map(variant -> variant.name() + ": serve " + String.join(" ", variant.flags()))
            .map(String::strip)
            .collect(Collectors.joining("; ")));
    conditions.put("load average before", load());
    return conditions;
  }

  /** What else ran: on a machine that does nothing, this is near 0. */
  private static String load() {
    return "%.1f".formatted(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private void say(String format, Object... arguments) {
    spec.commandLine().getErr().printf(format + "%n", arguments);
    spec.commandLine().getErr().flush();
  }
}
