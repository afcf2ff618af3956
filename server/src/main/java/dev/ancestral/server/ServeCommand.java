package dev.ancestral.server;

import dev.ancestral.cli.Cli;
import dev.ancestral.cli.Printable;
import dev.ancestral.cli.StopSignal;
import dev.ancestral.server.engine.Batching;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.DeviceChoice;
import dev.ancestral.server.ops.AncestralServer;
import dev.ancestral.server.ops.ServerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: serves until it is told to stop. */
@Command(
    name = "serve",
    description = {
      "Serves every bundle below a directory over gRPC.",
      "The last start-up line is READY grpc=HOST:PORT, by which clients on this machine reach it. On",
      "SIGTERM, Ctrl-C or SIGHUP it finishes what runs, then ends; a second signal ends it at once."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call().
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ModelOptions options;

  @Mixin private LogOptions log;

  @Option(
      names = "--host",
      defaultValue = ServerConfig.DEFAULT_HOST,
      paramLabel = "HOST",
      description = {
        "Address to listen on (default: ${DEFAULT-VALUE}), of either version (::1; 0.0.0.0 and :: are",
        "all of them), or unix:PATH, a socket in the file system.",
        "There is no authentication: any other address lets others in."
      })
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Port to listen on; 0 takes a free one (default: "
              + ServerConfig.DEFAULT_PORT
              + ", and none for unix:PATH).")
  private @Nullable Integer port;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = {
        "Port on the same host (127.0.0.1 for unix:PATH) for /metrics, as Prometheus reads it, /healthz",
        "(200 as long as the process answers) and /readyz (200 while requests should be sent here; 503",
        "while starting and stopping); 0 takes a free one. READY then ends with metrics=HOST:PORT.",
        "Default: none."
      })
  private @Nullable Integer metricsPort;

  @Option(
      names = "--device",
      defaultValue = "auto",
      paramLabel = "auto|cpu|cuda[:N]|tensorrt[:N]",
      description = {
        "Where the networks run; auto takes CUDA if there is a device (default: auto).",
        "tensorrt builds an engine for each model at its first start, which takes minutes, and keeps",
        "it in ~/.cache/ancestral/tensorrt; what it cannot run, CUDA does."
      })
  private String device;

  @Option(
      names = "--queue",
      defaultValue = "" + EngineLimits.DEFAULT_QUEUE_ROWS,
      paramLabel = "ROWS",
      description =
          "Most rows of a model that run or wait; more are refused (default: ${DEFAULT-VALUE}).")
  private int queue;

  @Option(
      names = "--batching",
      defaultValue = "step",
      paramLabel = "step|request",
      description = {
        "How requests share the calls of a network (default: ${DEFAULT-VALUE}). step: anew before each",
        "step. request: whole chains of equal length, first come, first served; to compare with."
      })
  private String batching;

  @Option(
      names = "--deterministic",
      description = {
        "Give a sample the same bits in any company, also where the network was not verified to do so",
        "by itself: there, each sample then runs alone, at the speed of a batch of one."
      })
  private boolean deterministic;

  @Option(
      names = "--reader-timeout",
      defaultValue = "" + ServerConfig.DEFAULT_READER_SECONDS,
      paramLabel = "SECONDS",
      description = {
        "How long a stream waits for a client that takes nothing of it (default: ${DEFAULT-VALUE});",
        "then it ends with ABORTED, and what waited is dropped."
      })
  private long readerSeconds;

  @Option(
      names = "--load-timeout",
      defaultValue = "" + ServerConfig.DEFAULT_LOAD_SECONDS,
      paramLabel = "SECONDS",
      description = {
        "How long a model may take to be read, opened, run and measured (default: ${DEFAULT-VALUE});",
        "then it is given up, and the others are served. TensorRT's first start needs more."
      })
  private long loadSeconds;

  @Option(
      names = "--strict",
      description =
          "Fail where anything in --models cannot be served, after naming all of it. Otherwise the rest is served.")
  private boolean strict;

  @Option(
      names = "--drain-delay",
      defaultValue = "0",
      paramLabel = "SECONDS",
      description = {
        "How long new requests are still taken after SIGTERM (default: ${DEFAULT-VALUE}), while health",
        "says NOT_SERVING and /readyz 503: what balancers need to hear of it."
      })
  private long delaySeconds;

  @Option(
      names = "--drain-timeout",
      defaultValue = "" + ServerConfig.DEFAULT_DRAIN_SECONDS,
      paramLabel = "SECONDS",
      description =
          "How long running requests may take after SIGTERM and the delay (default: ${DEFAULT-VALUE}).")
  private long drainSeconds;

  @Override
  public Integer call() throws IOException {
    ServerConfig config = options.checked(this::config);
    log.begin();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    AncestralServer server =
        AncestralServer.start(config, problem -> err.println(Printable.line("error: " + problem)));
    try (server;
        StopSignal signal = StopSignal.expect()) {
      announce(server, out);
      signal.await();
      return server.drain(line -> say(out, line)) ? Cli.DONE : Cli.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Cli.FAILED;
    }
  }

  private void announce(AncestralServer server, PrintWriter out) {
    out.println(
        Printable.line(
            "device %s: %s".formatted(server.device().label(), server.device().reason())));
    server
        .models()
        .models()
        .forEach(
            model ->
                out.println(
                    Printable.line(
                        "model %s: samples %s, %d timesteps, %.1f MB"
                            .formatted(
                                model.name(),
                                model.bundle().data().shape(),
                                model.bundle().scheduler().schedule().timesteps(),
                                model.onnxBytes() / 1e6))));
    server.wide().ifPresent(addresses -> say(out, "listening on " + addresses));
    StringBuilder ready = new StringBuilder("READY grpc=" + server.target());
    server.metricsTarget().ifPresent(target -> ready.append(" metrics=").append(target));
    say(out, ready.toString());
  }

  private static void say(PrintWriter out, String line) {
    out.println(Printable.line(line));
  }

  private ServerConfig config() {
    ModelOptions.Resolved shared = options.resolve();
    if (ServerConfig.isSocketFile(host) && port != null) {
      throw new IllegalArgumentException(
          "port: %d (expected: none, %s has no ports)".formatted(port, host));
    }
    return new ServerConfig(
        shared.models(),
        host,
        port == null ? ServerConfig.DEFAULT_PORT : port,
        metricsPort,
        DeviceChoice.parse(device),
        new EngineLimits(shared.maxBatch(), queue, Batching.of(batching), deterministic),
        shared.pool(),
        log.requests(),
        Duration.ofSeconds(readerSeconds),
        Duration.ofSeconds(loadSeconds),
        strict,
        Duration.ofSeconds(delaySeconds),
        Duration.ofSeconds(drainSeconds));
  }
}
