package dev.ancestral.client;

import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that ask for states on the way; each animates what it asks for. */
final class FrameFlags {
  @Option(
      names = "--frames",
      paramLabel = "K",
      description = "Write chain.gif of K states, evenly spread from noise to sample.")
  private @Nullable Integer count;

  @Option(
      names = "--frames-at",
      paramLabel = "STEP",
      split = ",",
      description =
          "Write chain.gif of the states after these many steps, such as 0,5,10: 0 is the noise.")
  private List<Integer> steps = new ArrayList<>();

  @Nullable Integer count() {
    return count;
  }

  boolean given() {
    return count != null || !steps.isEmpty();
  }

  /** Every state asked for, whatever the pace. */
  Frames message(Encoding encoding) {
    Frames.Builder frames =
        Frames.newBuilder()
            .setContent(Frames.Content.CONTENT_XT)
            .addAllSteps(steps)
            .setEncoding(encoding)
            .setLossless(true);
    if (count != null) {
      frames.setCount(count);
    }
    return frames.build();
  }
}
