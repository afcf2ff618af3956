package dev.ancestral.bench.drill;

import dev.ancestral.bench.process.Launcher;
import dev.ancestral.bench.process.ServerProcess;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.cli.Cli;
import dev.ancestral.cli.UserError;
import dev.ancestral.client.AncestralClient;
import dev.ancestral.v1.ModelsGrpc;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sends a server requests that are broken in every way, and looks at what becomes of it. */
@Command(
    name = "mutations.sh",
    description = {
      "Starts a server on loopback and sends it requests whose bytes were changed, cut, prolonged or",
      "drawn. Every one has to be answered with a status that the contract knows, the log has to stay",
      "below 100 KB, and a sound request has to be served in the end. Prints a line of a table."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call().
public final class MutationDrill implements Callable<Integer> {
  private static final Set<String> DOCUMENTED =
      Set.of(RawCalls.ACCEPTED, "INVALID_ARGUMENT", "NOT_FOUND", "RESOURCE_EXHAUSTED");

  private static final long MOST_LOG_BYTES = 100_000;

  private static final List<MethodDescriptor<?, ?>> METHODS =
      List.of(
          SamplerGrpc.getSampleMethod(),
          ModelsGrpc.getGetModelMethod(),
          ModelsGrpc.getListModelsMethod());

  @Spec private CommandSpec spec;

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle to serve.")
  private Path bundle;

  @Option(
      names = "--count",
      defaultValue = "10000",
      paramLabel = "N",
      description = "How many requests (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Of the changes (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--log",
      defaultValue = "mutations.log",
      paramLabel = "FILE",
      description = "Gets what the server prints (default: ${DEFAULT-VALUE}).")
  private Path log;

  /** Runs it and exits with its code. */
  public static void main(String[] args) {
    System.exit(Cli.run(new MutationDrill(), args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Map<String, Long> outcomes;
    double seconds;
    try (ServerProcess server =
        ServerProcess.start(
            Launcher.ofThisProcess(), bundle, new Variant("as it is", List.of()), "cpu", log)) {
      long begun = System.nanoTime();
      outcomes = send(server.target());
      seconds = (System.nanoTime() - begun) / 1e9;
      try (AncestralClient client = AncestralClient.connect(server.target())) {
        client.sample(SampleRequest.newBuilder().setSteps(1).build()).forEachRemaining(m -> {});
      }
    }
    long bytes = Files.size(log);
    spec.commandLine()
        .getOut()
        .println(
            String.format(
                Locale.ROOT,
                "| mutations | %,d requests, seed %d | %s | log %.1f KB | %.1f s |",
                count,
                seed,
                outcomes,
                bytes / 1e3,
                seconds));
    Set<String> strange = new TreeSet<>(outcomes.keySet());
    strange.removeAll(DOCUMENTED);
    if (!strange.isEmpty()) {
      throw new UserError(
          "status: %s (expected: one of %s)".formatted(strange, new TreeSet<>(DOCUMENTED)));
    }
    if (bytes > MOST_LOG_BYTES) {
      throw new UserError("log: %d bytes (expected: at most %d)".formatted(bytes, MOST_LOG_BYTES));
    }
    return Cli.DONE;
  }

  private Map<String, Long> send(String target) throws InterruptedException {
    Random random = new Random(seed);
    Mutator mutator = new Mutator(random);
    ManagedChannel channel =
        ManagedChannelBuilder.forTarget("dns:///" + target).usePlaintext().build();
    try {
      RawCalls calls = new RawCalls(channel);
      for (int i = 0; i < count; i++) {
        // Most go where there is most to break.
        int draw = random.nextInt(10);
        calls.send(METHODS.get(draw < 8 ? 0 : draw - 7), mutator.next());
      }
      return calls.outcomes();
    } finally {
      channel.shutdownNow();
    }
  }
}
