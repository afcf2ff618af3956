package dev.ancestral.client;

import dev.ancestral.v1.SampleRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that say what to draw, where the model knows classes. */
final class ClassFlags {
  @Option(
      names = "--label",
      paramLabel = "L",
      description = "A class to draw; may be repeated, then the samples cycle through them.")
  private List<Integer> labels = new ArrayList<>();

  @Option(
      names = "--guidance",
      paramLabel = "W",
      description = {
        "Weight of classifier-free guidance: more, such as 2, is more typical of the class.",
        "Needs --label, and doubles the cost. Default: the model's, else 1, none."
      })
  private @Nullable Double guidanceWeight;

  @Option(
      names = "--guidance-rescale",
      paramLabel = "F",
      description =
          "How much of the contrast that guidance adds is taken back, 0 to 1. Default: the model's, else 0.")
  private @Nullable Double guidanceRescale;

  boolean labelled() {
    return !labels.isEmpty();
  }

  /** Writes what was given. */
  void write(SampleRequest.Builder request) {
    request.addAllLabels(labels);
    if (guidanceWeight != null) {
      request.setGuidanceWeight(guidanceWeight);
    }
    if (guidanceRescale != null) {
      request.setGuidanceRescale(guidanceRescale);
    }
  }
}
