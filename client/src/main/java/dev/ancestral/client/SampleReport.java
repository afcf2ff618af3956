package dev.ancestral.client;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.ancestral.cli.Printable;
import dev.ancestral.client.output.SampleOutput;
import dev.ancestral.client.output.WrittenFiles;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.v1.Accepted;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Progress;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.Summary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Passes a sampling's messages on to its files and its progress, and sums it up. */
final class SampleReport implements SampleObserver {
  private static final int NAMES_SHOWN = 2;

  private final SampleRequest request;
  private final SampleOutput output;
  private final @Nullable SampleProgress progress;
  private SampleRequest resolved = SampleRequest.getDefaultInstance();
  private String networkSha256 = "";
  private String samplerChoice = "";

  /**
   * A report of a request.
   *
   * @param progress null to show none
   */
  SampleReport(SampleRequest request, SampleOutput output, @Nullable SampleProgress progress) {
    this.request = request;
    this.output = output;
    this.progress = progress;
  }

  @Override
  public void accepted(Accepted accepted) {
    SampleRequest.Builder whole = accepted.getResolved().toBuilder();
    if (request.hasInitialNoise()) {
      // The echo has no room for much noise.
      whole.setInitialNoise(request.getInitialNoise());
    }
    resolved = whole.build();
    networkSha256 = accepted.getNetworkSha256();
    samplerChoice = accepted.getSamplerChoice();
    output.begin(resolved, networkSha256);
  }

  @Override
  public void progress(Progress message) {
    if (progress != null) {
      progress.show(message);
    }
  }

  @Override
  public void frame(Frame frame) {
    try {
      output.add(frame);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void sample(Sample sample) {
    try {
      output.add(sample);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Two lines: what was drawn, with all it takes to draw it again, and where it is. Between them,
   * where the server chose the sampler, why it did.
   */
  String sumUp(Summary summary, Path directory, List<String> names) {
    return """
        %d samples of %s in %.2f s: %s, %d steps,%s seed %s, mean batch %.1f rows
        %swrote %s: %s"""
        .formatted(
            summary.getNumSamples(),
            resolved.getModel(),
            summary.getTotalMs() / 1e3,
            resolved.getSampler(),
            resolved.getSteps(),
            guidance(),
            Long.toUnsignedString(resolved.getSeed()),
            summary.getMeanBatchRows(),
            samplerChoice.isEmpty() ? "" : Printable.line(samplerChoice) + "\n",
            directory,
            shortened(names));
  }

  /**
   * The same for programs, as one JSON object: what {@code request.json} says, and {@code model},
   * {@code seed}, {@code directory}, {@code files}, {@code samples}, {@code seconds}, {@code
   * mean_batch_rows}, {@code sampler_choice} where the server chose, {@code remarks}.
   */
  String json(Summary summary, Path directory, WrittenFiles files) {
    JsonObject json = new JsonObject();
    json.addProperty("model", resolved.getModel());
    // As text: a JSON number is a double to many readers.
    json.addProperty("seed", Long.toUnsignedString(resolved.getSeed()));
    json.addProperty("directory", directory.toString());
    json.add("files", array(files.names()));
    json.addProperty("samples", summary.getNumSamples());
    json.addProperty("seconds", summary.getTotalMs() / 1e3);
    json.addProperty("mean_batch_rows", summary.getMeanBatchRows());
    if (!samplerChoice.isEmpty()) {
      json.addProperty("sampler_choice", samplerChoice);
    }
    json.add("remarks", array(files.remarks()));
    JsonObject recipe =
        JsonParser.parseString(Recipe.of(resolved, networkSha256).toJson()).getAsJsonObject();
    for (Map.Entry<String, JsonElement> entry : recipe.entrySet()) {
      json.add(entry.getKey(), entry.getValue());
    }
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json);
  }

  private static JsonArray array(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  private String guidance() {
    double weight = resolved.getGuidanceWeight();
    return resolved.hasGuidanceWeight() && weight != 1 ? " guidance " + weight + "," : "";
  }

  /** 000.png .. 099.png, grid.png: a run of numbered files by its ends. */
  private static String shortened(List<String> names) {
    List<String> numbered =
        names.stream().filter(name -> Character.isDigit(name.charAt(0))).toList();
    if (numbered.size() <= NAMES_SHOWN) {
      return String.join(", ", names);
    }
    List<String> others = names.stream().filter(name -> !numbered.contains(name)).toList();
    return "%s .. %s, %s"
        .formatted(numbered.get(0), numbered.get(numbered.size() - 1), String.join(", ", others));
  }
}
