package dev.ancestral.client;

import dev.ancestral.cli.Printable;
import dev.ancestral.client.output.SampleOutput;
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

/** Passes a sampling's messages on to its files and its progress, and sums it up. */
final class SampleReport implements SampleObserver {
  private static final int NAMES_SHOWN = 2;

  private final SampleOutput output;
  private final SampleProgress progress;
  private SampleRequest resolved = SampleRequest.getDefaultInstance();

  SampleReport(SampleOutput output, SampleProgress progress) {
    this.output = output;
    this.progress = progress;
  }

  @Override
  public void accepted(Accepted accepted) {
    resolved = accepted.getResolved();
  }

  @Override
  public void progress(Progress message) {
    progress.show(message);
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

  /** Two lines: what was drawn, with all it takes to draw it again, and where it is. */
  String sumUp(Summary summary, Path directory, List<String> names) {
    String drawn =
        "%d samples of %s in %.2f s: %s, %d steps,%s seed %s, mean batch %.1f rows"
            .formatted(
                summary.getNumSamples(),
                resolved.getModel(),
                summary.getTotalMs() / 1e3,
                resolved.getSampler(),
                resolved.getSteps(),
                guidance(),
                Long.toUnsignedString(resolved.getSeed()),
                summary.getMeanBatchRows());
    String wrote = "wrote %s: %s".formatted(directory, shortened(names));
    return Printable.line(drawn) + System.lineSeparator() + Printable.line(wrote);
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
