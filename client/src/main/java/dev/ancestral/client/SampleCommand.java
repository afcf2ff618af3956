package dev.ancestral.client;

import dev.ancestral.cli.UserError;
import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.client.data.Npy;
import dev.ancestral.client.output.OutputOptions;
import dev.ancestral.client.output.SampleOutput;
import dev.ancestral.client.output.WrittenFiles;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code sample}: draws samples and writes them as pictures, tables and arrays. */
@Command(
    name = "sample",
    description = {
      "Draws samples from a server and writes pictures of them.",
      "Images become 000.png... and grid.png, points samples.csv and scatter.png."
    },
    customSynopsis =
        "ancestral sample --out DIR [--target HOST:PORT] [--model NAME] [-n COUNT] [OPTION]...",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
final class SampleCommand implements Callable<Integer> {
  private static final int DEFAULT_SAMPLES = 16;

  /** All 64 bits, written signed or unsigned. */
  static final class SeedConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'%s' is not a 64-bit integer".formatted(text));
      }
    }
  }

  @Option(
      names = "--target",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:50051",
      description = "Where the server listens. Default: ${DEFAULT-VALUE}.")
  private String target = "";

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Which model. May be left out where exactly one is loaded.")
  private String model = "";

  @Option(
      names = "-n",
      paramLabel = "COUNT",
      description = "How many samples. Default: as many as --initial-noise has, else 16.")
  private @Nullable Integer count;

  @Option(
      names = "--seed",
      paramLabel = "S",
      converter = SeedConverter.class,
      description = "Seed of all noise: the same seed gives the same samples. Default: random.")
  private @Nullable Long seed;

  @Option(names = "--npy", description = "Write the raw floats to samples.npy.")
  private boolean npy;

  @Option(
      names = "--columns",
      paramLabel = "N",
      description = "Columns of the contact sheet. Default: about square.")
  private @Nullable Integer columns;

  @Option(
      names = "--initial-noise",
      paramLabel = "FILE.npy",
      description = "Start from this array, float32 [COUNT, ...data shape], not from the seed.")
  private @Nullable Path initialNoise;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Directory for the files; created where it is missing.")
  private Path out = Path.of("");

  @ArgGroup(validate = false, heading = "%nClasses, where the model knows any:%n")
  private ClassFlags classes = new ClassFlags();

  @ArgGroup(
      validate = false,
      heading = "%nThe chain. The server refuses what its sampler does not take:%n")
  private ChainFlags chain = new ChainFlags();

  @ArgGroup(validate = false, heading = "%nStates on the way:%n")
  private FrameFlags frames = new FrameFlags();

  @ArgGroup(validate = false, heading = "%nHow soon:%n")
  private UrgencyFlags urgency = new UrgencyFlags();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    atLeast("-n", count, 1);
    atLeast("--columns", columns, 1);
    atLeast("--frames", frames.count(), 2);
    Double deadline = urgency.deadline();
    if (deadline != null && !(deadline > 0)) {
      throw new ParameterException(
          commandLine(), "--deadline: %s (expected: above 0)".formatted(deadline));
    }
    FloatTensor noise = initialNoise == null ? null : read(initialNoise);
    try (AncestralClient client = AncestralClient.connect(target)) {
      draw(client, noise);
    } catch (ClientException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw unwritable(e);
    } catch (UncheckedIOException e) {
      throw unwritable(Objects.requireNonNull(e.getCause()));
    }
    return 0;
  }

  private void draw(AncestralClient client, @Nullable FloatTensor noise) throws IOException {
    Model description = model.isEmpty() ? onlyModel(client.models()) : client.model(model);
    int samples = count != null ? count : noise != null ? rows(noise) : DEFAULT_SAMPLES;
    OutputOptions options =
        new OutputOptions(
            out, samples, columns == null ? 0 : columns, npy, frames.given(), classes.labelled());
    try (SampleOutput output = SampleOutput.open(options, description)) {
      SampleRequest request = request(description, samples, noise, output.frameEncoding());
      SampleReport report;
      Summary summary;
      try (SampleProgress progress = SampleProgress.ofTerminal()) {
        report = new SampleReport(output, progress);
        summary = urgency.timed(client).sample(request, report);
      }
      WrittenFiles files = output.finish();
      PrintWriter console = commandLine().getOut();
      console.println(report.sumUp(summary, out, files.names()));
      files.remarks().forEach(console::println);
    }
  }

  private static Model onlyModel(List<Model> models) {
    if (models.size() != 1) {
      throw new UserError(
          "--model: not given (expected: one of %s)"
              .formatted(models.stream().map(Model::getName).toList()));
    }
    return models.get(0);
  }

  private SampleRequest request(
      Model description, int samples, @Nullable FloatTensor noise, Encoding frameEncoding) {
    SampleRequest.Builder request =
        SampleRequest.newBuilder()
            .setModel(description.getName())
            .setNumSamples(samples)
            .setEncoding(Encoding.ENCODING_FLOAT32);
    classes.write(request);
    chain.write(request);
    urgency.write(request);
    if (seed != null) {
      request.setSeed(seed);
    }
    if (noise != null) {
      request.setInitialNoise(noise.toMessage());
    }
    if (frames.given()) {
      request.setFrames(frames.message(frameEncoding));
    }
    return request.build();
  }

  private static FloatTensor read(Path file) {
    try {
      return Npy.read(file);
    } catch (IOException e) {
      throw new UserError(
          "--initial-noise: %s: cannot be read: %s (expected: a file that NumPy wrote)"
              .formatted(file, IoReasons.of(e)),
          e);
    }
  }

  private UserError unwritable(IOException e) {
    return new UserError(
        "--out: %s: cannot be written: %s (expected: a directory with room)"
            .formatted(out, IoReasons.of(e)),
        e);
  }

  private int rows(FloatTensor noise) {
    long rows = noise.shape().isEmpty() ? 1 : noise.shape().get(0);
    if (rows < 1) {
      throw new UserError(
          "--initial-noise: %s: shape %s (expected: at least one sample)"
              .formatted(initialNoise, noise.shape()));
    }
    return Math.toIntExact(rows);
  }

  /** A count that is wrong whatever the server says. */
  private void atLeast(String flag, @Nullable Integer value, int least) {
    if (value != null && value < least) {
      throw new ParameterException(
          commandLine(), "%s: %d (expected: at least %d)".formatted(flag, value, least));
    }
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec, "picocli sets it before the command runs").commandLine();
  }
}
