package dev.ancestral.bench.scenario;

import dev.ancestral.bench.report.Comparison;
import dev.ancestral.bench.report.Finding;
import dev.ancestral.bench.report.Quantity;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Every JMH benchmark of this module, each in a process of its own. */
final class Kernels implements Scenario {
  private static final int ITERATIONS = 3;

  @Override
  public String name() {
    return "kernels";
  }

  @Override
  public String description() {
    return "what runs between two calls of the network, one row each, against a call of one row";
  }

  @Override
  public void run(Lab lab, Results results) throws IOException {
    double callMicros = lab.curve().callMillis(1) * 1e3;
    for (RunResult run : measure(lab)) {
      Result<?> primary = run.getPrimaryResult();
      double micros = primary.getScore();
      double times = callMicros / micros;
      results.add(
          new Finding(
              name(),
              subject(run.getParams()),
              Quantity.MICROSECONDS,
              micros,
              Comparison.once("a call of one row", callMicros, times),
              "±%.0f %%".formatted(100 * primary.getScoreError() / micros)));
    }
  }

  private static Collection<RunResult> measure(Lab lab) throws IOException {
    Duration iteration = lab.pace().kernelTime();
    TimeValue time = TimeValue.milliseconds(iteration.toMillis());
    Options options =
        new OptionsBuilder()
            .include(".*")
            .forks(1)
            .warmupIterations(ITERATIONS)
            .warmupTime(time)
            .measurementIterations(ITERATIONS)
            .measurementTime(time)
            .shouldFailOnError(true)
            .output(lab.directory().resolve("kernels.log").toString())
            .build();
    try {
      return new Runner(options).run();
    } catch (RunnerException e) {
      throw new IOException("kernels: " + e.getMessage(), e);
    }
  }

  private static String subject(BenchmarkParams params) {
    String name = params.getBenchmark();
    String method = name.substring(name.lastIndexOf('.') + 1);
    String arguments =
        params.getParamsKeys().stream()
            .map(key -> key + " " + params.getParam(key))
            .collect(Collectors.joining(", "));
    return arguments.isEmpty() ? method : method + ", " + arguments;
  }
}
