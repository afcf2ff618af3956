package dev.ancestral.client;

import dev.ancestral.cli.UserError;
import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.client.data.Npy;
import dev.ancestral.client.flags.RequestFlags;
import dev.ancestral.client.output.OutputOptions;
import dev.ancestral.client.output.SampleOutput;
import dev.ancestral.client.output.WrittenFiles;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleRequestOrBuilder;
import dev.ancestral.v1.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sample}: draws samples and writes them as pictures, tables and arrays. */
@Command(
    name = "sample",
    description = {
      "Draws samples from a server and writes pictures of them.",
      "Images become 000.png... and grid.png, points samples.csv and scatter.png."
    },
    customSynopsis =
        "ancestral sample --out DIR [--target HOST:PORT] [--model NAME] [-n COUNT] [OPTION]...",
    modelTransformer = RequestFlags.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
final class SampleCommand implements Callable<Integer> {
  private static final int DEFAULT_SAMPLES = 16;

  @Option(
      names = "--target",
      order = RequestFlags.FIRST,
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:50051",
      description = "Where the server listens. Default: ${DEFAULT-VALUE}.")
  private String target = "";

  @Option(
      names = "--initial-noise",
      order = RequestFlags.FIRST,
      paramLabel = "FILE.npy",
      description = {
        "Start from this array, [COUNT, ...data shape] of float16, float32 or float64, not from the",
        "seed."
      })
  private @Nullable Path initialNoise;

  @Option(
      names = "--like",
      order = RequestFlags.FIRST,
      paramLabel = "FILE",
      description = {
        "Draw again what a picture shows that was drawn before, or all of a request.json, with the same",
        "bytes; other flags change what it says. Refused where the network is another one."
      })
  private @Nullable Path like;

  @Option(
      names = "--deadline",
      order = RequestFlags.HOW_SOON,
      paramLabel = "SECONDS",
      description = {
        "Give up after this time. Refused at once where the server cannot be done by then.",
        "Default: none."
      })
  private @Nullable Double deadline;

  @Option(
      names = "--out",
      order = RequestFlags.FIRST,
      paramLabel = "DIR",
      required = true,
      description = "Directory for the files; created where it is missing.")
  private Path out = Path.of("");

  @Option(
      names = "--npy",
      order = RequestFlags.WHAT_IS_WRITTEN,
      description = "Write the raw floats to samples.npy.")
  private boolean npy;

  @Option(
      names = "--scale",
      order = RequestFlags.WHAT_IS_WRITTEN,
      paramLabel = "N",
      description = {
        "Draw each pixel as a square of N, in every picture.",
        "Default: 1, and on the sheet what is comfortable to look at."
      })
  private @Nullable Integer scale;

  @Option(
      names = "--columns",
      order = RequestFlags.WHAT_IS_WRITTEN,
      paramLabel = "N",
      description = "Columns of the contact sheet. Default: about square.")
  private @Nullable Integer columns;

  @Option(
      names = "--json",
      order = RequestFlags.WHAT_IS_WRITTEN,
      description =
          "Print the summary as JSON: files, seed, model, the request with every default.")
  private boolean json;

  @Option(
      names = "--quiet",
      order = RequestFlags.WHAT_IS_WRITTEN,
      description = "Print no progress, and no summary unless --json asks for it.")
  private boolean quiet;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    requirePositive("--columns", columns);
    requirePositive("--scale", scale);
    if (deadline != null && !(deadline > 0)) {
      throw wrongUsage("--deadline: %s (expected: above 0)".formatted(deadline));
    }
    LikeFile recipe = like == null ? null : LikeFile.read(like);
    FloatTensor noise = initialNoise == null ? null : read(initialNoise);
    if (recipe != null) {
      recipe.requireNoise(noise != null);
    }
    try (AncestralClient client = AncestralClient.connect(target)) {
      draw(client, recipe, noise);
    } catch (ClientException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw unwritable(e);
    } catch (UncheckedIOException e) {
      throw unwritable(Objects.requireNonNull(e.getCause()));
    }
    return 0;
  }

  private void draw(AncestralClient client, @Nullable LikeFile recipe, @Nullable FloatTensor noise)
      throws IOException {
    List<String> remarks = new ArrayList<>();
    SampleRequest.Builder request = request(recipe, noise, remarks);
    Model model = model(client, request.getModel(), recipe);
    request.setModel(model.getName());
    Labels.resolve(request, model);
    try (SampleOutput output = SampleOutput.open(options(request), model)) {
      if (request.hasFrames()) {
        askForEveryState(request.getFramesBuilder(), output.frameEncoding());
      }
      SampleReport report;
      Summary summary;
      try (SampleProgress progress = quiet ? null : SampleProgress.ofTerminal()) {
        report = new SampleReport(request.build(), output, progress);
        summary = timed(client).sample(request.build(), report);
      }
      WrittenFiles files = output.finish().withRemarksBefore(remarks);
      PrintWriter console = commandLine().getOut();
      if (json) {
        console.println(report.json(summary, out, files));
      } else if (!quiet) {
        console.println(report.sumUp(summary, out, files.names()));
        files.remarks().forEach(console::println);
      }
    }
  }

  private Model model(AncestralClient client, String name, @Nullable LikeFile recipe) {
    boolean named = commandLine().getParseResult().hasMatchedOption("--model");
    if (recipe == null) {
      return name.isEmpty() ? onlyModel(client.models()) : client.model(name);
    }
    return named ? recipe.check(client.model(name)) : recipe.among(client.models());
  }

  private OutputOptions options(SampleRequestOrBuilder request) {
    return new OutputOptions(
        out,
        request.getFirstIndex(),
        request.getNumSamples(),
        columns == null ? OptionalInt.empty() : OptionalInt.of(columns),
        scale == null ? OptionalInt.empty() : OptionalInt.of(scale),
        npy,
        request.hasFrames(),
        request.getLabelsCount() > 0);
  }

  /** What the flags ask for; the model may still be the only one there is. */
  private SampleRequest.Builder request(
      @Nullable LikeFile recipe, @Nullable FloatTensor noise, List<String> remarks) {
    SampleRequest.Builder request =
        recipe == null
            ? SampleRequest.newBuilder().setNumSamples(DEFAULT_SAMPLES)
            : recipe.recipe().request().toBuilder();
    if (recipe != null && recipe.remark() != null) {
      remarks.add(recipe.remark());
    }
    if (noise != null) {
      request.setNumSamples(rows(noise)).setInitialNoise(noise.toMessage());
    }
    String sampler = request.getSampler();
    List<String> dropped = RequestFlags.write(commandLine().getParseResult(), request);
    if (!dropped.isEmpty()) {
      remarks.add(
          "%s in place of %s: left to the model are %s"
              .formatted(request.getSampler(), sampler, String.join(", ", dropped)));
    }
    return request.setEncoding(Encoding.ENCODING_FLOAT32);
  }

  /** Whatever the pace: an animation has no gaps. */
  private static void askForEveryState(Frames.Builder frames, Encoding encoding) {
    frames.setContent(Frames.Content.CONTENT_XT).setEncoding(encoding).setLossless(true);
  }

  private AncestralClient timed(AncestralClient client) {
    return deadline == null
        ? client
        : client.withDeadline(Duration.ofNanos(Math.round(deadline * 1e9)));
  }

  private static Model onlyModel(List<Model> models) {
    if (models.size() != 1) {
      throw new UserError(
          "--model: not given (expected: one of %s)"
              .formatted(models.stream().map(Model::getName).toList()));
    }
    return models.get(0);
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

  private void requirePositive(String flag, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw wrongUsage("%s: %d (expected: at least 1)".formatted(flag, value));
    }
  }

  private ParameterException wrongUsage(String problem) {
    return new ParameterException(commandLine(), problem);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec, "picocli sets it before the command runs").commandLine();
  }
}
