package dev.ancestral.trainer.calls;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.cli.Printable;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.calls.CallsTable.Row;
import dev.ancestral.trainer.calls.Contestants.Contestant;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.quality.Features;
import dev.ancestral.trainer.quality.LabelledSamples;
import dev.ancestral.trainer.run.Selection;
import dev.ancestral.trainer.run.TrainedNetwork;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures the quality of a run's samples against the calls that they cost. The chains run on the
 * run's weights; nothing is written before all is measured.
 *
 * @param run its directory
 * @param selection which of its weights
 * @param bundle one that was exported from it, whose fitted tables take part; null for none
 * @param data what the samples are compared with
 * @param task what to measure
 * @param out for what people read on the way
 */
public record CallsStudy(
    Path run,
    Selection selection,
    @Nullable Path bundle,
    Dataset data,
    CallsTask task,
    PrintStream out) {
  private static final String PNG = ".png";

  /**
   * Measures, and writes the plot, the table beside it, and the sheet.
   *
   * @param plot the PNG file; the table has its name with {@code .csv}
   * @param sheet a PNG file for the samples side by side; null for none
   * @return the table for people
   */
  public String writeAndTell(Path plot, @Nullable Path sheet) throws IOException {
    try (TrainedNetwork network =
        TrainedNetwork.load(run, selection, notice -> say("warning: " + Printable.line(notice)))) {
      network.requireKind(data.description());
      Bundle facts = bundle == null ? network.facts() : BundleOfRun.read(bundle, network.facts());
      SideBySide pictures = new SideBySide(facts.data());
      CallsTable table = measure(network, facts, pictures);
      Path csv = table(plot);
      new CallsFile(csv).write(table);
      byte[] png = CallsPlot.png(table);
      AtomicFile.write(plot, stream -> stream.write(png));
      if (sheet != null) {
        byte[] cells = pictures.png();
        AtomicFile.write(sheet, stream -> stream.write(cells));
      }
      return table.text()
          + "table: %s%nplot: %s%n".formatted(csv, plot)
          + (sheet == null ? "" : "side by side: %s%n".formatted(sheet));
    }
  }

  /** Where the table of a plot is. */
  private static Path table(Path plot) {
    String name = String.valueOf(plot.getFileName());
    String stem = name.endsWith(PNG) ? name.substring(0, name.length() - PNG.length()) : name;
    return plot.resolveSibling(stem + ".csv");
  }

  /**
   * Draws the plot of a table that was written before.
   *
   * @throws UserError if it is no such table
   */
  public static byte[] redraw(Path csv) throws IOException {
    return CallsPlot.png(new CallsFile(csv).read());
  }

  private CallsTable measure(TrainedNetwork network, Bundle facts, SideBySide pictures) {
    Guidance guidance = guidance(facts);
    double weight = guidance == null ? 1 : guidance.weight();
    Contestants chains =
        Contestants.of(facts, task, weight, guidance == null ? 0 : guidance.rescale());
    chains.leftOut().forEach(reason -> say("left out: " + reason));
    Drawing drawing = new Drawing(network, task.count(), guidance, task.seed());
    estimate(chains, drawing);
    RealData real = RealData.of(data, task.count(), task.seed());
    List<Row> rows = new ArrayList<>();
    try (Features features = features();
        CallsProgress progress = new CallsProgress(out, task.count() * chains.calls())) {
      List<float[]> teacher = draw(chains.teacher(), drawing, progress, pictures);
      Judge.requireFinite(teacher);
      int[] labels = facts.conditioning() == null ? null : drawing.labels();
      Judge judge = new Judge(facts.data(), real, features, labels, teacher, task.seed());
      rows.add(judge.data());
      rows.add(judge.teacher(chains.teacher()));
      for (Contestant chain : chains.others()) {
        List<float[]> samples = draw(chain, drawing, progress, pictures);
        try {
          rows.add(judge.of(chain, samples));
        } catch (IllegalArgumentException e) {
          say("left out: %s: %s".formatted(name(chain), e.getMessage()));
        }
      }
      return new CallsTable(words(facts, judge, real, weight), rows);
    }
  }

  private @Nullable Guidance guidance(Bundle facts) {
    Double asked = task.guidance();
    if (asked == null) {
      return facts.guidance();
    }
    Conditioning conditioning = facts.conditioning();
    Integer nullLabel = conditioning == null ? null : conditioning.nullLabel();
    if (asked == 1) {
      return null;
    }
    if (nullLabel == null) {
      throw new UserError(
          "--guidance: %s (expected: 1, since the network knows no null label)".formatted(asked));
    }
    return new Guidance(asked, 0, nullLabel);
  }

  private void estimate(Contestants chains, Drawing drawing) {
    double each = drawing.secondsPerCall(chains.teacher().plan());
    say(
        String.format(
            Locale.ROOT,
            "%d samples by %d chains, %d calls for each seed: about %s at %.2f ms a call and sample",
            task.count(),
            chains.others().size() + 1,
            chains.calls(),
            CallsProgress.clock(each * task.count() * chains.calls()),
            1000 * each));
  }

  private Features features() {
    LabelledSamples all = LabelledSamples.of(data, IntStream.range(0, data.size()).toArray());
    if (all.spec().shape().size() == 3 && all.classes() > 1) {
      say("training a classifier on %d samples".formatted(all.size()));
    }
    return Features.fit(all, task.seed());
  }

  private static List<float[]> draw(
      Contestant chain, Drawing drawing, CallsProgress progress, SideBySide pictures) {
    List<float[]> samples = drawing.draw(chain.plan(), progress::add);
    progress.drawn(name(chain));
    pictures.add(chain.sampler(), chain.calls(), samples);
    return samples;
  }

  private Map<String, String> words(Bundle facts, Judge judge, RealData real, double weight) {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("run", Printable.line(run.toString()));
    words.put("iterations", facts.provenance().getOrDefault("iterations", "?"));
    words.put(CallsTable.DISTANCE, judge.distance());
    words.put("reference", Printable.line(real.words()));
    words.put("samples", "%d of each chain, seed %d".formatted(task.count(), task.seed()));
    words.put("guidance", Double.toString(weight));
    return words;
  }

  private static String name(Contestant chain) {
    return "%s with %d calls".formatted(chain.sampler(), chain.calls());
  }

  private void say(String line) {
    out.println(Printable.line(line));
  }
}
